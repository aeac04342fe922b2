"""Agreement of judges: pairs from the summaries, groups of raters trace by trace."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Value
from django.db.models.functions import Coalesce

from metrics.models import NO_ANSWER, Profile
from metrics.reports.cache import CachedReport
from metrics.reports.label_matrix import MISSING, LabelMatrix, load_label_matrix, part_names
from metrics.reports.query import MetricsQuery
from metrics.stats.agreement import (
    Agreement,
    PairAgreement,
    agreement,
    cohen,
    exact,
    pair_agreement,
    value_of,
    within,
)
from metrics.stats.bootstrap import Counts
from metrics.stats.coincidence_matrix import Ratings, pair_of_cells
from metrics.summaries.queries import label_pairs
from traces.models import Judge, Verdict


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Figures of two judges on the traces that both labelled; None where undefined."""

    traces: int
    exact: float | None
    within: float | None
    cohen: float | None
    found_exact: float | None
    found_cohen: float | None


@dataclass(frozen=True, slots=True)
class RaterGroup:
    """Agreement of several raters on a part of the traces, with the part's name or number."""

    name: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class RaterPair:
    first: int
    second: int
    agreement: PairAgreement


@dataclass(frozen=True, slots=True)
class Raters:
    """Agreement of the raters on all traces, pair by pair, by generator and by subset."""

    raters: list[int]
    together: Agreement
    pairs: list[RaterPair]
    by_generator: list[RaterGroup]
    by_subset: list[RaterGroup]


def pairwise_agreement(
    datasets: Sequence[int], judges: Sequence[int]
) -> dict[tuple[int, int], PairFigures]:
    """Return the figures of each pair of judges, the smaller id first.

    There are no intervals: they would need each problem.
    """
    return {pair: _pair(cells) for pair, cells in label_pairs(datasets, judges).items()}


def judges_with_verdicts(datasets: Sequence[int]) -> list[Judge]:
    """Return the judges with verdicts in the datasets, people first, then by name."""
    present = Profile.objects.filter(dataset_id__in=datasets).values("judge_id").distinct()
    order = {"reference": 0, "consensus": 1, "human": 2, "model": 3}
    judges = Judge.objects.filter(pk__in=present).select_related("scorer", "user", "dataset")
    return sorted(judges, key=lambda judge: (order[judge.kind], judge.name, judge.pk))


def rater_agreement(query: MetricsQuery) -> Raters:
    """Return people's agreement; with a `queue`, that of the verdicts given in it."""
    of_queue = query.queue is not None
    numbers, matrix = _of_queue(query) if of_queue else _of_people(query)
    ratings = _ratings(matrix)
    shared = matrix.where((~np.isnan(ratings)).sum(axis=1) >= 2)
    ratings = _ratings(shared)
    return Raters(
        raters=numbers,
        together=agreement(ratings, shared.problems),
        pairs=_pairs(numbers, shared, ratings),
        by_generator=_groups(shared.generators, str, shared, ratings),
        by_subset=_groups(shared.part, part_names(shared, query).__getitem__, shared, ratings),
    )


RATERS = CachedReport("raters", 2, Raters, rater_agreement)


def _pair(cells: list[tuple[int, int, int]]) -> PairFigures:
    where = pair_of_cells(cells)
    whether = pair_of_cells([(min(a, 0), min(b, 0), n) for a, b, n in _folded(cells)])
    return PairFigures(
        traces=where.traces,
        exact=value_of(exact, where),
        within=value_of(within(1), where),
        cohen=value_of(cohen, where),
        found_exact=value_of(exact, whether),
        found_cohen=value_of(cohen, whether),
    )


def _folded(cells: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Merge cells that differ in the step alone."""
    counts: dict[tuple[int, int], int] = {}
    for a, b, n in cells:
        key = (min(a, 0), min(b, 0))
        counts[key] = counts.get(key, 0) + n
    return [(a, b, n) for (a, b), n in counts.items()]


def _ratings(matrix: LabelMatrix) -> Ratings:
    columns = [matrix.ratings(place) for place in range(matrix.labels.shape[1])]
    return np.column_stack(columns) if columns else np.empty((len(matrix), 0))


def _of_people(query: MetricsQuery) -> tuple[list[int], LabelMatrix]:
    people = [judge.pk for judge in judges_with_verdicts(query.datasets) if judge.kind == "human"]
    return people, load_label_matrix(query, people) if people else _empty(query)


def _empty(query: MetricsQuery) -> LabelMatrix:
    return load_label_matrix(MetricsQuery(datasets=()), [0])


def _of_queue(query: MetricsQuery) -> tuple[list[int], LabelMatrix]:
    reviews = Verdict.objects.current().filter(origin=Verdict.Origin.REVIEW, origin_id=query.queue)
    answer = Coalesce("earliest_error", Value(NO_ANSWER))
    rows = list(reviews.values_list("trace_id", "judge_id", answer))
    people = sorted({judge for _, judge, _ in rows})
    if not people:
        return [], _empty(query)
    matrix = load_label_matrix(query, people)
    place = {judge: number for number, judge in enumerate(people)}
    row = {trace: number for number, trace in enumerate(matrix.traces.tolist())}
    labels = np.full_like(matrix.labels, MISSING)
    for trace, judge, label in rows:
        if trace in row:
            labels[row[trace], place[judge]] = label
    return people, replace(matrix, labels=labels)


def _pairs(numbers: list[int], matrix: LabelMatrix, ratings: Ratings) -> list[RaterPair]:
    found = []
    for i, first in enumerate(numbers):
        for j in range(i + 1, len(numbers)):
            one = pair_agreement(ratings[:, i], ratings[:, j], matrix.problems)
            if one.traces:
                found.append(RaterPair(first, numbers[j], one))
    return found


def _groups(
    column: Counts, name_of: Callable[[int], str], matrix: LabelMatrix, ratings: Ratings
) -> list[RaterGroup]:
    return [
        RaterGroup(name_of(number), agreement(ratings[here], matrix.problems[here]))
        for number in np.unique(column).tolist()
        for here in [column == number]
    ]
