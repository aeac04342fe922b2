import pytest
from django.db.models import Q

from inference.models import Scorer
from tests.factories import label, make_scorer, make_trace, make_user, make_verdict
from traces import verdict_visibility
from traces.datasets.trace_page import (
    finding_in_words,
    read_trace,
    texts_of,
    threshold_of,
    verdicts_to_read,
)
from traces.models import Judge

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("earliest_error", "text"), [(None, "no usable answer"), (-1, "no error"), (0, "step 1")]
)
def test_a_finding_counts_steps_from_one(earliest_error, text):
    assert finding_in_words(earliest_error) == text


def test_steps_have_the_marks_of_scores_and_of_named_steps(django_assert_num_queries):
    trace = make_trace()
    prm = make_scorer("prm", threshold=0.5)
    make_verdict(trace, prm.judge, 1, scores=[0.9, 0.25, 1.5])
    label(trace, 2)
    with django_assert_num_queries(1):
        verdicts = list(verdicts_to_read(trace))
        reading = read_trace(trace, verdicts, focus=1)
    assert [step.place for step in reading.steps] == ["before", "error", "after"]
    assert [step.number for step in reading.steps] == [1, 2, 3]
    marks = [
        {mark.judge: (mark.shown_score, mark.is_low, mark.names_step) for mark in step.marks}
        for step in reading.steps
    ]
    reference = next(str(v.judge) for v in verdicts if v.judge.kind == "reference")
    assert marks == [
        {"prm": ("0.90", False, False)},
        {"prm": ("0.25", True, True)},
        {"prm": ("1.50", False, False), reference: ("", True, True)},
    ]
    last = {mark.judge: mark for mark in reading.steps[2].marks}["prm"]
    assert (last.drawn_width, last.drawn_threshold) == ("100.0", "50.0")
    assert reading.scored_judges == ["prm"]
    assert {v.judge: v.summary for v in reading.verdicts} == {"prm": "step 2", reference: "step 3"}


def test_without_a_wrong_step_no_place_is_drawn():
    trace = make_trace(steps=["a", "b"])
    for focus in (None, -1):
        assert [step.place for step in read_trace(trace, [], focus=focus).steps] == ["", ""]


def test_only_critics_keep_raw_texts():
    trace = make_trace()
    prm = make_scorer("prm", threshold=0.5)
    judge = Judge.objects.create(kind="model", name="critic")
    critic = Scorer.objects.create(name="critic", kind="critic", backend="critic", judge=judge)
    assert texts_of(make_verdict(trace, prm.judge, 0)) is None
    verdict = make_verdict(trace, critic.judge, 0)
    assert texts_of(verdict) == verdict.pk
    reference = label(trace, 0).judge
    assert (threshold_of(prm.judge), threshold_of(reference)) == (0.5, None)


def test_hidden_verdicts_are_not_read(monkeypatch):

    trace = make_trace()
    shown, hidden = label(trace, 0), make_verdict(trace, make_scorer().judge, 1)
    monkeypatch.setattr(verdict_visibility, "_conditions", [lambda user: Q(pk=hidden.pk)])
    assert list(verdicts_to_read(trace, reader=make_user())) == [shown]
    assert set(verdicts_to_read(trace)) == {shown, hidden}
