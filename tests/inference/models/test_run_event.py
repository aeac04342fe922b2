"""A line of a run's log."""

from inference.models import RunEvent


def test_an_event_reads_as_its_sentence():
    assert "It began." in str(RunEvent(sentence="It began."))
