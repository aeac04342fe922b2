"""A traces-by-judges matrix of labels, for figures that need each trace."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection

from metrics.models import NO_ANSWER
from metrics.reports.query import MetricsQuery
from metrics.stats.bootstrap import Counts, Floats
from metrics.summaries.live_queries import subset_name
from traces.models import Dataset, Problem

MISSING = -3


@dataclass(frozen=True, slots=True)
class LabelMatrix:
    """Arrays of shape (traces,), and `labels` of shape (traces, judges).

    Labels are 0-based, -1 for no error, -2 for no usable answer, -3 where the judge was not asked.
    `part` indexes `parts`, the (dataset, subset) pairs. `answers` are 1, 0 or -1 for not known.
    """

    traces: Counts
    problems: Counts
    generators: Counts
    steps: Counts
    answers: Counts
    part: Counts
    parts: list[tuple[int, str]]
    labels: Counts

    def __len__(self) -> int:
        return len(self.traces)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "LabelMatrix":
        return LabelMatrix(
            self.traces[chosen],
            self.problems[chosen],
            self.generators[chosen],
            self.steps[chosen],
            self.answers[chosen],
            self.part[chosen],
            self.parts,
            self.labels[chosen],
        )

    def ratings(self, judge: int = 0) -> Floats:
        """Return a judge's labels as floats, NaN for none and for no usable answer."""
        column = self.labels[:, judge].astype(np.float64)
        return np.where(column <= NO_ANSWER, np.nan, column)

    def judged(self, judge: int) -> npt.NDArray[np.bool_]:
        return self.labels[:, judge] != MISSING

    def labelled(self, judge: int = 0) -> npt.NDArray[np.bool_]:
        """Return where the judge's answer can serve as a reference."""
        return self.labels[:, judge] > NO_ANSWER


def load_label_matrix(
    query: MetricsQuery,
    judges: Sequence[int],
    *,
    with_reference: bool = False,
    every: bool = False,
) -> LabelMatrix:
    """Load the traces that at least one of the judges judged, or with `every` all.

    The judges are in the order asked for, after the reference if that is asked for too.
    """
    asked = [f"labels[array_position(judges, {int(judge)}::bigint)]" for judge in judges]
    if with_reference:
        asked.insert(0, _REFERENCE)
    columns = ", ".join([_COLUMNS, *(f"coalesce({column}, {MISSING})" for column in asked)])
    judged = "true" if every else f"coalesce({', '.join(asked)}) IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {columns}
            FROM metrics_tracesnapshot fact
            LEFT JOIN traces_judge own ON own.dataset_id = fact.dataset_id
            WHERE fact.dataset_id = ANY(%(datasets)s)
              AND (%(traces)s::bigint[] IS NULL OR trace_id = ANY(%(traces)s))
              AND (%(generator)s::bigint IS NULL OR generator_id = %(generator)s)
              AND {judged}
            ORDER BY trace_id
            """,  # noqa: S608 - numbers and constants
            {
                "datasets": list(query.datasets),
                "traces": query.trace_ids(),
                "generator": query.generator,
                "reference": query.reference,
            },
        )
        return _to_matrix(cursor.fetchall(), len(asked))


def problem_names(matrix: LabelMatrix) -> list[str]:
    """Return each trace's problem by its text's hash, the same in every installation."""
    numbers = np.unique(matrix.problems).tolist()
    names = dict(Problem.objects.filter(pk__in=numbers).values_list("pk", "content_hash"))
    return [str(names[problem]) for problem in matrix.problems.tolist()]


def part_names(matrix: LabelMatrix, query: MetricsQuery) -> list[str]:
    """Return the names of the subsets in `matrix.parts`, as on the leaderboard. One query."""
    numbers = {dataset for dataset, _ in matrix.parts}
    datasets = dict(Dataset.objects.filter(pk__in=numbers).values_list("pk", "name"))
    several = len(query.datasets) > 1
    return [
        subset_name(datasets[dataset], subset, several=several) for dataset, subset in matrix.parts
    ]


_COLUMNS = "trace_id, problem_id, generator_id, step_count, answer, subset, fact.dataset_id"
_REFERENCE = "labels[array_position(judges, coalesce(%(reference)s::bigint, own.id))]"


def _to_matrix(rows: list[tuple], judges: int) -> LabelMatrix:
    columns = list(zip(*rows, strict=True)) or [()] * (7 + judges)
    names = list(zip(columns[6], columns[5], strict=True))
    parts = sorted(set(names))
    index = {name: number for number, name in enumerate(parts)}
    traces, problems, generators, steps, answers = (
        np.array(column, dtype=np.int64) for column in columns[:5]
    )
    labels = np.array(columns[7:], dtype=np.int64).reshape(judges, -1).T
    part = np.array([index[name] for name in names], dtype=np.int64)
    return LabelMatrix(traces, problems, generators, steps, answers, part, parts, labels)
