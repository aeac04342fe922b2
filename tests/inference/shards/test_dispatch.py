"""Messages to workers: one a waiting shard, none without."""

from typing import Any

import pytest

from inference.runs.start import SHARD_SIZES, start_run
from inference.shards import dispatch
from jobs import queueing
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import drain, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def waiting_shards(scripted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHARD_SIZES, "prm", 1)
    dataset = make_dataset()
    for _ in range(3):
        make_trace(dataset)
    start_run(scripted_scorer(), dataset=dataset, created_by=None)


@pytest.mark.usefixtures("waiting_shards")
def test_one_more_message_is_sent_while_shards_wait(
    sent: list[tuple[str, list[Any]]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dispatch, "send", queueing.send)
    dispatch.notify_one_worker("prm")
    assert sent == [("inference.work", ["prm"])]
    drain()
    dispatch.notify_one_worker("prm")
    assert len(sent) == 1
