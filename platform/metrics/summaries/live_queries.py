"""Counts of agreement with a reference judge, from the verdicts themselves.

`metrics.summaries.queries` has the same from the summaries.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from metrics.stats.baselines import LabelCount
from traces.models import Dataset, Judge


class ProblemCounts(NamedTuple):
    """A judge's counts for a subset's problems that share four counts of traces.

    The four are those of one problem, times `problems`; the outcomes after it are sums over them.
    """

    judge_id: int
    dataset: str
    subset: str
    erroneous: int
    erroneous_found: int
    correct: int
    correct_found: int
    problems: int
    too_early: int
    too_late: int
    missed: int
    false_alarm: int
    unparsable: int


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """Labelled traces by subset, and a judge's verdicts on them by judge."""

    labels: dict[str, list[LabelCount]]
    verdicts: dict[int, list[ProblemCounts]]


def live_counts(
    dataset: Dataset | None,
    reference: Judge | None,
    *,
    judges: Iterable[int] | None = None,
    traces: list[int] | None = None,
) -> LiveCounts:
    """Return the counts from the verdicts, on these traces or on all. Two queries."""
    return LiveCounts(
        label_counts(dataset, reference, traces),
        verdict_counts(dataset, reference, judges, traces),
    )


def verdict_counts(
    dataset: Dataset | None,
    reference: Judge | None,
    judges: Iterable[int] | None,
    traces: list[int] | None = None,
) -> dict[int, list[ProblemCounts]]:
    """Return by judge its current verdicts on the traces that the reference labelled."""
    chosen = None if judges is None else list(judges)
    values = {**_parameters(dataset, reference, traces), "judges": chosen}
    found: defaultdict[int, list[ProblemCounts]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_VERDICT_COUNTS, values)
        for row in map(ProblemCounts._make, cursor):
            name = subset_name(row.dataset, row.subset, several=dataset is None)
            found[row.judge_id].append(row._replace(subset=name))
    return found


def label_counts(
    dataset: Dataset | None, reference: Judge | None, traces: list[int] | None = None
) -> dict[str, list[LabelCount]]:
    """Return the labelled traces by subset, in order of name. One query."""
    found: defaultdict[str, list[LabelCount]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LABEL_COUNTS, _parameters(dataset, reference, traces))
        for dataset_name, subset, label, answer, count in cursor:
            name = subset_name(dataset_name, subset, several=dataset is None)
            found[name].append(LabelCount(label, answer, count))
    return found


# The traces labelled by the reference judge, or without one, by their own dataset's labels.
_LABELLED = """
    SELECT trace.id AS trace_id, trace.problem_id, trace.final_answer_correct,
        verdict.judge_id AS reference_id, verdict.earliest_error AS label
    FROM traces_verdict verdict
    JOIN traces_judge judge ON judge.id = verdict.judge_id
    JOIN traces_trace trace ON trace.id = verdict.trace_id
    WHERE verdict.is_current AND verdict.earliest_error IS NOT NULL
      AND trace.is_current_segmentation
      AND CASE WHEN %(reference)s::bigint IS NULL THEN judge.dataset_id = trace.dataset_id
               ELSE judge.id = %(reference)s END
      AND (%(dataset)s::bigint IS NULL OR trace.dataset_id = %(dataset)s)
      AND (%(traces)s::bigint[] IS NULL OR trace.id = ANY(%(traces)s))
"""

# By problem first, since intervals resample problems, then by kind of problem: those with the same
# four counts are one row, so that what comes back stays small whatever the number of traces.
_VERDICT_COUNTS = f"""
    WITH labelled AS MATERIALIZED ({_LABELLED}),
    by_problem AS (
        SELECT verdict.judge_id, problem_id,
            count(*) FILTER (WHERE label >= 0) AS erroneous,
            count(*) FILTER (WHERE label >= 0 AND earliest_error = label) AS erroneous_found,
            count(*) FILTER (WHERE label = -1) AS correct,
            count(*) FILTER (WHERE label = -1 AND earliest_error = -1) AS correct_found,
            count(*) FILTER (WHERE earliest_error >= 0 AND earliest_error < label) AS too_early,
            count(*) FILTER (WHERE label >= 0 AND earliest_error > label) AS too_late,
            count(*) FILTER (WHERE label >= 0 AND earliest_error = -1) AS missed,
            count(*) FILTER (WHERE label = -1 AND earliest_error >= 0) AS false_alarm,
            count(*) FILTER (WHERE earliest_error IS NULL) AS unparsable
        FROM labelled
        JOIN traces_verdict verdict ON verdict.trace_id = labelled.trace_id AND verdict.is_current
        WHERE verdict.judge_id <> reference_id
          AND (%(judges)s::bigint[] IS NULL OR verdict.judge_id = ANY(%(judges)s::bigint[]))
        GROUP BY verdict.judge_id, problem_id
    )
    SELECT judge_id, dataset.name, problem.subset,
        erroneous, erroneous_found, correct, correct_found, count(*),
        sum(too_early)::bigint, sum(too_late)::bigint, sum(missed)::bigint,
        sum(false_alarm)::bigint, sum(unparsable)::bigint
    FROM by_problem
    JOIN traces_problem problem ON problem.id = problem_id
    JOIN traces_dataset dataset ON dataset.id = problem.dataset_id
    GROUP BY judge_id, dataset.name, problem.subset,
        erroneous, erroneous_found, correct, correct_found
"""  # noqa: S608 - the pieces are constants of this file

_LABEL_COUNTS = f"""
    WITH labelled AS MATERIALIZED ({_LABELLED})
    SELECT dataset.name, problem.subset, label, final_answer_correct, count(*)
    FROM labelled
    JOIN traces_problem problem ON problem.id = labelled.problem_id
    JOIN traces_dataset dataset ON dataset.id = problem.dataset_id
    GROUP BY dataset.name, problem.subset, label, final_answer_correct
    ORDER BY dataset.name, problem.subset
"""  # noqa: S608 - the pieces are constants of this file


def subset_name(dataset_name: str, subset: str, *, several: bool) -> str:
    """Return a subset's name; a nameless one is called after its dataset.

    With several datasets, the dataset's name precedes it.
    """
    if not subset:
        return dataset_name
    return f"{dataset_name} / {subset}" if several else subset


def _parameters(
    dataset: Dataset | None, reference: Judge | None, traces: list[int] | None
) -> dict[str, Any]:
    return {
        "dataset": dataset.pk if dataset else None,
        "reference": reference.pk if reference else None,
        "traces": traces,
    }
