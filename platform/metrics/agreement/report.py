"""How far judges agree: any two of them from the summaries, several together trace by trace."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection

from metrics.models import Profile
from metrics.reports.cache import Figure
from metrics.reports.label_matrix import MISSING, Frame, load, part_names
from metrics.reports.query import Question
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
from traces.models import Judge


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Of two judges on all traces that both labelled; None where undefined."""

    traces: int
    exact: float | None
    within: float | None
    cohen: float | None
    found_exact: float | None
    found_cohen: float | None


@dataclass(frozen=True, slots=True)
class RaterGroup:
    """Several raters on some of the traces, by a name or number."""

    name: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class RaterPair:
    first: int
    second: int
    agreement: PairAgreement


@dataclass(frozen=True, slots=True)
class Raters:
    """All traces, every pair, and the traces of each generator and subset."""

    raters: list[int]
    together: Agreement
    pairs: list[RaterPair]
    by_generator: list[RaterGroup]
    by_subset: list[RaterGroup]


def matrix(datasets: Sequence[int], judges: Sequence[int]) -> dict[tuple[int, int], PairFigures]:
    """By pair of judges, the smaller number first; without intervals, which need each problem."""
    return {pair: _pair(cells) for pair, cells in label_pairs(datasets, judges).items()}


def judges_here(datasets: Sequence[int]) -> list[Judge]:
    """Those with verdicts in the datasets, people first, then by name."""
    present = Profile.objects.filter(dataset_id__in=datasets).values("judge_id").distinct()
    order = {"reference": 0, "consensus": 1, "human": 2, "model": 3}
    judges = Judge.objects.filter(pk__in=present).select_related("scorer", "user", "dataset")
    return sorted(judges, key=lambda judge: (order[judge.kind], judge.name, judge.pk))


def raters(question: Question) -> Raters:
    """People's agreement; with a `queue`, of the verdicts that were given in it."""
    of_queue = question.queue is not None
    numbers, frame = _of_queue(question) if of_queue else _of_people(question)
    ratings = _ratings(frame)
    shared = frame.where((~np.isnan(ratings)).sum(axis=1) >= 2)
    ratings = _ratings(shared)
    return Raters(
        raters=numbers,
        together=agreement(ratings, shared.problems),
        pairs=_pairs(numbers, shared, ratings),
        by_generator=_groups(shared.generators, str, shared, ratings),
        by_subset=_groups(shared.part, part_names(shared, question).__getitem__, shared, ratings),
    )


RATERS = Figure("raters", 2, Raters, raters)


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
    """Cells that differ in the step alone as one."""
    counts: dict[tuple[int, int], int] = {}
    for a, b, n in cells:
        key = (min(a, 0), min(b, 0))
        counts[key] = counts.get(key, 0) + n
    return [(a, b, n) for (a, b), n in counts.items()]


def _ratings(frame: Frame) -> Ratings:
    columns = [frame.ratings(place) for place in range(frame.said.shape[1])]
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))


def _of_people(question: Question) -> tuple[list[int], Frame]:
    people = [judge.pk for judge in judges_here(question.datasets) if judge.kind == "human"]
    return people, load(question, people) if people else _empty(question)


def _empty(question: Question) -> Frame:
    return load(Question(datasets=()), [0])


def _of_queue(question: Question) -> tuple[list[int], Frame]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT trace_id, judge_id, coalesce(earliest_error, -2) FROM traces_verdict
            WHERE is_current AND origin = 'review' AND origin_id = %s
            """,
            [question.queue],
        )
        rows = cursor.fetchall()
    people = sorted({judge for _, judge, _ in rows})
    if not people:
        return [], _empty(question)
    frame = load(question, people)
    place = {judge: number for number, judge in enumerate(people)}
    row = {trace: number for number, trace in enumerate(frame.traces.tolist())}
    said = np.full_like(frame.said, MISSING)
    for trace, judge, label in rows:
        if trace in row:
            said[row[trace], place[judge]] = label
    return people, replace(frame, said=said)


def _pairs(numbers: list[int], frame: Frame, ratings: Ratings) -> list[RaterPair]:
    found = []
    for i, first in enumerate(numbers):
        for j in range(i + 1, len(numbers)):
            one = pair_agreement(ratings[:, i], ratings[:, j], frame.problems)
            if one.traces:
                found.append(RaterPair(first, numbers[j], one))
    return found


def _groups(
    column: Counts, name_of: Callable[[int], str], frame: Frame, ratings: Ratings
) -> list[RaterGroup]:
    return [
        RaterGroup(name_of(number), agreement(ratings[here], frame.problems[here]))
        for number in np.unique(column).tolist()
        for here in [column == number]
    ]
