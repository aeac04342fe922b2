"""Clusters of problems, and their splits."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.exports.curation.choices import splits
from tests.factories import label, make_dataset, make_trace
from traces.models import Dataset, ProblemMatch, ProblemVariant, Trace

pytestmark = pytest.mark.django_db


def make_labelled(dataset: Dataset, name: str, error: int = -1, **fields) -> Trace:
    trace = make_trace(dataset, external_id=name, **fields)
    label(trace, error)
    return trace


def test_splits_are_by_cluster_and_the_same_each_time():
    dataset = make_dataset()
    for number in range(60):
        make_labelled(dataset, f"{number}-a", problem=f"p{number}")
        make_labelled(dataset, f"{number}-b", problem=f"p{number}", steps=["Other."])
    ids = list(Trace.objects.order_by("problem_id").values_list("problem_id", flat=True).distinct())
    for first, second in pairwise(ids[:11]):
        ProblemMatch.objects.create(first_id=first, second_id=second, similarity=0.9)
    found = splits(dataset, validation=0.2, test=0.2, seed=1)
    assert found == splits(dataset, validation=0.2, test=0.2, seed=1)
    assert found != splits(dataset, validation=0.2, test=0.2, seed=2)
    assert all(found[f"{number}-a"] == found[f"{number}-b"] for number in range(60))
    together = Trace.objects.filter(problem_id__in=ids[:11]).values_list("external_id", flat=True)
    assert len({found[name] for name in together}) == 1
    sizes = Counter(found.values())
    assert set(sizes) == {"train", "validation", "test"}
    assert sizes["train"] > sizes["validation"]
    assert set(splits(dataset).values()) == {"train"}


def test_variants_of_an_original_elsewhere_are_in_one_split():
    original = make_labelled(make_dataset(), "original", problem="the first of them").problem
    dataset = make_dataset()
    for number in range(30):
        trace = make_labelled(dataset, f"v{number}", problem=f"variant {number}")
        ProblemVariant.objects.create(problem=trace.problem, original=original)
    assert len(set(splits(dataset, test=0.5).values())) == 1
