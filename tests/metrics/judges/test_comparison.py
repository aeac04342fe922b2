from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from metrics.stats.paired_tests import benjamini_hochberg, compare_traces, holm
from tests.metrics.page_reader import read, table_rows, words
from tests.metrics.worlds import World, as_rating, current_verdicts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("correction", "adjust", "whose"),
    [
        ("", holm, "Holm’s"),
        ("holm", holm, "Holm’s"),
        ("discovery", benjamini_hochberg, "Benjamini and Hochberg’s"),
    ],
)
def test_paired_tests_are_the_functions_corrected(
    reader: Client, world: World, correction: str, adjust: Callable, whose: str
) -> None:
    base = current_verdicts(world.prm)
    labels = current_verdicts(world.reference)
    found = []
    for judge in (world.critic, *world.people):
        said = current_verdicts(judge)
        traces = [t for t in world.traces if t.pk in said]
        found.append(
            compare_traces(
                [labels[t.pk].earliest_error for t in traces],
                [as_rating(said[t.pk].earliest_error) for t in traces],
                [as_rating(base[t.pk].earliest_error) for t in traces],
                problems=[t.problem_id for t in traces],
                subsets=[t.problem.subset for t in traces],
            )
        )
    adjusted = adjust([one.f1.permutation_p for one in found])
    path = reverse("metrics:judge-list")
    page = read(reader, path, against=str(world.prm.pk), correction=correction)
    assert f"with {whose} correction" in words(page, "table.tests thead")[0]
    assert words(page, ".choice a[aria-current]") == [whose.removesuffix("’s")]
    assert bool(page.select("details.paired[open]")) == bool(correction)
    shown = {row[0]: row for row in table_rows(page, "table.tests")}
    for judge, one, p in zip((world.critic, *world.people), found, adjusted, strict=True):
        assert one.f1.value is not None
        assert p is not None
        row = shown[judge.name]
        assert row[1] == f"{one.f1.value:+.1f}"
        assert f"p = {p:.3f} over {one.traces} traces" in row[2] or p < 0.001
        assert (
            f"only this judge right on {one.only_first}, only the baseline on {one.only_second}"
            in row[2]
        )
