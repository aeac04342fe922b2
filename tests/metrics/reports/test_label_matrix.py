import numpy as np
import pytest

from metrics.models import NO_ANSWER
from metrics.reports.label_matrix import (
    MISSING,
    LabelMatrix,
    load_label_matrix,
    part_names,
    problem_names,
)
from metrics.reports.query import MetricsQuery
from metrics.summaries import refresh
from tests.factories import make_reference_judge
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from traces.models import Judge, Trace

HOSTILE = "a' OR '1'='1"


def matrix_of(labels: list[list[int]]) -> LabelMatrix:
    numbers = np.arange(len(labels))
    columns = [numbers] * 5
    return LabelMatrix(*columns, np.zeros_like(numbers), [(1, "s")], np.array(labels))


def test_ratings_are_missing_without_a_usable_answer() -> None:
    matrix = matrix_of([[2, -1], [NO_ANSWER, 0], [MISSING, NO_ANSWER]])
    assert np.array_equal(matrix.ratings(), [2, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(matrix.ratings(1), [-1, 0, np.nan], equal_nan=True)
    assert matrix.judged(0).tolist() == [True, True, False]
    assert matrix.labelled(0).tolist() == [True, False, False]


def test_a_part_of_the_matrix_keeps_its_rows_together() -> None:
    part = matrix_of([[0], [1], [2]]).where(np.array([True, False, True]))
    assert len(part) == 2
    assert part.traces.tolist() == part.labels[:, 0].tolist() == [0, 2]
    assert len(part.where(np.array([False, False]))) == 0


@pytest.fixture
def judged(db: None) -> tuple[MetricsQuery, list[Judge], list[Trace]]:
    dataset, reference = make_dataset()
    first, second = make_model("first"), make_model("second")
    traces = label_traces(dataset, reference, HOSTILE, [-1, 2, 3])
    judge_traces(first, traces[:2], [-1, None])
    judge_traces(second, traces[1:2], [2])
    refresh.update()
    return MetricsQuery((dataset.pk,)), [first, second], traces


def test_judges_are_in_the_order_asked_for_after_the_reference(
    judged: tuple[MetricsQuery, list[Judge], list[Trace]],
) -> None:
    query, (first, second), traces = judged
    matrix = load_label_matrix(query, [second.pk, first.pk], with_reference=True)
    assert matrix.traces.tolist() == [trace.pk for trace in traces]
    assert matrix.labels.tolist() == [
        [-1, MISSING, -1],
        [2, 2, NO_ANSWER],
        [3, MISSING, MISSING],
    ]
    assert matrix.answers.tolist() == [1, 0, 0]
    assert matrix.steps.tolist() == [5, 5, 5]


def test_only_judged_traces_are_loaded_unless_all_are_asked_for(
    judged: tuple[MetricsQuery, list[Judge], list[Trace]],
) -> None:
    query, (_, second), traces = judged
    assert load_label_matrix(query, [second.pk]).traces.tolist() == [traces[1].pk]
    every = load_label_matrix(query, [second.pk], every=True)
    assert every.labels[:, 0].tolist() == [MISSING, 2, MISSING]
    assert len(load_label_matrix(MetricsQuery(()), [second.pk])) == 0
    assert load_label_matrix(query, [0]).labels.shape == (0, 1)


def test_only_the_selected_traces_are_loaded(
    judged: tuple[MetricsQuery, list[Judge], list[Trace]],
) -> None:
    query, (first, _), traces = judged
    dataset = traces[0].dataset
    chosen = MetricsQuery(query.datasets, choices=(("subset", HOSTILE),))
    assert len(load_label_matrix(chosen, [first.pk])) == 2
    label_traces(dataset, make_reference_judge(dataset), "unjudged", [-1])
    refresh.update()
    unjudged = MetricsQuery(query.datasets, choices=(("subset", "unjudged"),))
    assert len(load_label_matrix(unjudged, [first.pk])) == 0
    assert len(load_label_matrix(unjudged, [first.pk], with_reference=True)) == 1
    other = MetricsQuery(query.datasets, generator=traces[0].generator_id + 1)
    assert len(load_label_matrix(other, [first.pk])) == 0


def test_problems_and_parts_are_named_alike_in_every_installation(
    judged: tuple[MetricsQuery, list[Judge], list[Trace]],
) -> None:
    query, (first, _), traces = judged
    matrix = load_label_matrix(query, [first.pk])
    assert problem_names(matrix) == [str(trace.problem.content_hash) for trace in traces[:2]]
    assert part_names(matrix, query) == [HOSTILE]
    several = MetricsQuery((*query.datasets, 0))
    assert part_names(matrix, several) == [f"bench / {HOSTILE}"]


@pytest.mark.django_db
def test_parts_of_several_datasets_are_told_apart() -> None:
    datasets = [make_dataset(name)[0] for name in ("a", "b")]
    for dataset in datasets:
        label_traces(dataset, make_reference_judge(dataset), "", [-1])
    refresh.update()
    query = MetricsQuery(tuple(dataset.pk for dataset in datasets))
    matrix = load_label_matrix(query, [], with_reference=True)
    assert matrix.part.tolist() == [0, 1]
    assert part_names(matrix, query) == ["a", "b"]
