"""A shard belongs to the worker of its latest attempt."""

import pytest

from inference.models import Shard
from inference.runs.start import start_run
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import claim_next, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_a_later_attempt_ends_an_earlier_claim():
    dataset = make_trace(make_dataset()).dataset
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    claim_next()
    shard = run.shards.get()
    assert (shard.status, shard.attempts) == (Shard.Status.RUNNING, 1)
    assert Shard.objects.claimed(shard).exists()
    Shard.objects.update(attempts=2)
    assert not Shard.objects.claimed(shard).exists()
    assert str(shard) == f"shard 0 of run {run.pk}"
