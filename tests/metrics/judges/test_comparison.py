from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from metrics.judges.comparison import comparisons
from metrics.reports.query import MetricsQuery
from metrics.stats.paired_tests import benjamini_hochberg, compare_traces, holm
from metrics.summaries import refresh
from tests.metrics.page_reader import read, table_rows, words
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
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


def test_judges_without_a_shared_labelled_trace_are_not_compared() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", [-1, 1, 2])
    base, shared, apart = (make_model(name) for name in ("base", "shared", "apart"))
    judge_traces(base, traces[:2], [-1, None])
    judge_traces(shared, traces[1:], [1, 2])
    judge_traces(apart, traces[2:], [2])
    refresh.update()
    (row,) = comparisons(MetricsQuery((dataset.pk,), judge=base.pk))
    assert row.judge == shared.pk
    assert (row.comparison.traces, row.comparison.only_first, row.comparison.only_second) == (
        1,
        1,
        0,
    )
    assert comparisons(MetricsQuery((dataset.pk,), judge=make_model("idle").pk)) == []


def test_the_reference_is_not_compared_with_itself() -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", [-1, 1])
    base, other = make_model("base"), make_model("other")
    for judge in (base, other):
        judge_traces(judge, traces, [-1, 1])
    refresh.update()
    by_labels = comparisons(MetricsQuery((dataset.pk,), judge=base.pk))
    assert [row.judge for row in by_labels] == [other.pk]
    by_other = comparisons(MetricsQuery((dataset.pk,), judge=base.pk, reference=other.pk))
    assert [row.judge for row in by_other] == [reference.pk]
