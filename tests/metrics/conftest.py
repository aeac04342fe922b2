"""What most tests of the pages and figures look at, and who looks."""

import pytest
from django.test import Client

from tests.factories import make_user
from tests.metrics.rows import FOUND, LABELS, judge_traces, label_traces, make_dataset, make_model
from tests.metrics.worlds import World, make_world
from traces.models import Dataset, Judge


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reader(client: Client) -> Client:
    """Sign in an annotator, who may read everything that is not private."""
    client.force_login(make_user("reader"))
    return client


@pytest.fixture(params=["annotator", "lead"])
def person(client: Client, request: pytest.FixtureRequest) -> Client:
    client.force_login(make_user("ana", role=request.param))
    return client


@pytest.fixture
def scored() -> tuple[Dataset, Judge]:
    """Make a dataset of two subsets that one model judged."""
    dataset, reference = make_dataset("bench")
    judge = make_model("prm")
    for subset in ["gsm8k", "math"]:
        traces = label_traces(dataset, reference, subset, LABELS, generator="writer")
        judge_traces(judge, traces, FOUND)
    return dataset, judge
