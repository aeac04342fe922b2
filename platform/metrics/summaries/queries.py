"""Counts for the pages, from the summaries; the same as `live_queries` has from verdicts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from metrics.stats.baselines import LabelCount
from metrics.summaries.live_queries import LiveCounts, ProblemCounts, subset_name
from traces.models import Dataset, Judge


class Group(NamedTuple):
    """Traces alike in these four; `earliest_error` is 0-based, -1 none, None no answer."""

    step_count: int
    earliest_error: int | None
    final_answer_correct: bool | None
    traces: int


def summary_counts(
    datasets: Sequence[int],
    dataset: Dataset | None,
    reference: Judge | None,
    *,
    judges: Iterable[int] | None = None,
) -> LiveCounts:
    """Return `live_counts` of these datasets from the summaries. Three queries.

    `dataset` is given where they are one, and names its subsets.
    """
    values = _values(datasets, reference, None if judges is None else list(judges))
    labels: defaultdict[str, list[LabelCount]] = defaultdict(list)
    for dataset_name, subset, label, answer, traces in _rows(_LABELS, values):
        known = None if answer < 0 else bool(answer)
        name = subset_name(dataset_name, subset, several=dataset is None)
        labels[name].append(LabelCount(label, known, traces))
    outcomes = {tuple(row[:3]): row[3:] for row in _rows(_OUTCOMES, values)}
    verdicts: defaultdict[int, list[ProblemCounts]] = defaultdict(list)
    for judge_id, dataset_name, subset, *counts in _rows(_KINDS, values):
        # All of a subset's outcomes stand with its first kind: they are only added up.
        others = outcomes.pop((judge_id, dataset_name, subset), (0, 0, 0, 0, 0))
        name = subset_name(dataset_name, subset, several=dataset is None)
        row = ProblemCounts(judge_id, dataset_name, name, *counts, *others)
        verdicts[judge_id].append(row)
    return LiveCounts(dict(labels), dict(verdicts))


def groups(
    datasets: Sequence[int],
    judge: Judge | None,
    *,
    generators: Sequence[int] | None = None,
    by: str = "generator",
) -> dict[Any, list[Group]]:
    """Return traces by generator, or by "subset", grouped by length, label, final answer."""
    values = _values(datasets, judge, None) | {"generators": generators}
    found: defaultdict[Any, list[Group]] = defaultdict(list)
    for *key, steps, label, answer, traces in _rows(_GROUPS.format(by=_GROUPED[by]), values):
        group = Group(
            steps, None if label < -1 else label, None if answer < 0 else bool(answer), traces
        )
        name = key[0] if by == "generator" else subset_name(*key, several=len(datasets) > 1)
        found[name].append(group)
    return dict(found)


def error_types(
    datasets: Sequence[int], judge: Judge | None, *, generators: Sequence[int] | None = None
) -> dict[int, dict[str, int]]:
    """Return by generator the number of errors of each type, most frequent first."""
    values = _values(datasets, judge, None) | {"generators": generators}
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for generator_id, error_type, traces in _rows(_TYPES, values):
        found[generator_id][error_type] = traces
    return dict(found)


def difficulties(
    datasets: Sequence[int], judge: Judge | None, generator: int
) -> dict[int, dict[int, int]]:
    """Return traces by difficulty band: 0 an error, -1 none, -2 no usable answer."""
    values = _values(datasets, judge, None) | {"generators": [generator]}
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for band, finding, traces in _rows(_DIFFICULTIES, values):
        found[band][finding] = traces
    return dict(found)


def sources(datasets: Sequence[int], generator: int | None = None) -> dict[int, int]:
    """Return traces by the kinds of judge with a usable verdict (`TraceSnapshot.kinds`)."""
    values = {"datasets": list(datasets), "generator": generator}
    return {kinds: int(traces) for kinds, traces in _rows(_SOURCES, values)}


def label_pairs(
    datasets: Sequence[int], judges: Sequence[int] | None = None
) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
    """Return (first's label, second's, traces) by pair of judges, the smaller id first."""
    values = {"datasets": list(datasets), "judges": None if judges is None else list(judges)}
    found: defaultdict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for first, second, a, b, traces in _rows(_PAIRS, values):
        found[first, second].append((a, b, int(traces)))
    return dict(found)


def cells(
    datasets: Sequence[int], reference: Judge | None, judge: Judge
) -> list[tuple[int, int | None, int]]:
    """Return (label, prediction or None, traces) of the judge on the reference's traces."""
    values = _values(datasets, reference, [judge.pk])
    return [
        (label, None if said < -1 else said, int(traces))
        for label, said, traces in _rows(_CELLS, values)
    ]


def _rows(statement: str, values: dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _values(
    datasets: Sequence[int], reference: Judge | None, judges: list[int] | None
) -> dict[str, Any]:
    return {
        "datasets": list(datasets),
        "reference": reference.pk if reference else None,
        "judges": judges,
    }


_GROUPED = {
    "generator": "generator_id",
    "subset": "dataset.name, subset",
}

# The reference judge: the chosen one, or each dataset's own.
_BY = """
    JOIN traces_dataset dataset ON dataset.id = total.dataset_id
    LEFT JOIN traces_judge own ON own.dataset_id = total.dataset_id
    WHERE total.dataset_id = ANY(%(datasets)s)
"""
_IS_REFERENCE = "coalesce(%(reference)s::bigint, own.id)"

_LABELS = f"""
    SELECT dataset.name, subset, label, answer, sum(n)::bigint
    FROM metrics_profile total {_BY} AND judge_id = {_IS_REFERENCE} AND label >= -1
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608

_KINDS = f"""
    SELECT judge_id, dataset.name, subset, erroneous, erroneous_found, correct, correct_found,
        n
    FROM metrics_problemprofile total {_BY} AND reference_id = {_IS_REFERENCE}
      AND (%(judges)s::bigint[] IS NULL OR judge_id = ANY(%(judges)s::bigint[]))
    ORDER BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608

# Both ways round: the reference may be the first or the second of the pair.
_AGAINST = f"""
    SELECT total.dataset_id, dataset.name, subset, second_id AS judge_id, first_label AS label,
        second_label AS said, n
    FROM metrics_paircount total {_BY} AND first_id = {_IS_REFERENCE} AND first_label >= -1
      AND (%(judges)s::bigint[] IS NULL OR second_id = ANY(%(judges)s::bigint[]))
    UNION ALL
    SELECT total.dataset_id, dataset.name, subset, first_id, second_label, first_label, n
    FROM metrics_paircount total {_BY} AND second_id = {_IS_REFERENCE} AND second_label >= -1
      AND (%(judges)s::bigint[] IS NULL OR first_id = ANY(%(judges)s::bigint[]))
"""  # noqa: S608

_OUTCOMES = f"""
    SELECT judge_id, name, subset,
        coalesce(sum(n) FILTER (WHERE said >= 0 AND said < label), 0)::bigint,
        coalesce(sum(n) FILTER (WHERE label >= 0 AND said > label), 0)::bigint,
        coalesce(sum(n) FILTER (WHERE label >= 0 AND said = -1), 0)::bigint,
        coalesce(sum(n) FILTER (WHERE label = -1 AND said >= 0), 0)::bigint,
        coalesce(sum(n) FILTER (WHERE said = -2), 0)::bigint
    FROM ({_AGAINST}) AS against GROUP BY 1, 2, 3
"""  # noqa: S608

_CELLS = f"""
    SELECT label, said, sum(n) FROM ({_AGAINST}) AS against GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608

_GROUPS = f"""
    SELECT {{by}}, step_count, label, answer, sum(n)::bigint
    FROM metrics_profile total {_BY} AND judge_id = {_IS_REFERENCE}
      AND (%(generators)s::bigint[] IS NULL OR generator_id = ANY(%(generators)s::bigint[]))
    GROUP BY {{by}}, step_count, label, answer
"""  # noqa: S608

_TYPES = f"""
    SELECT generator_id, error_type, sum(n)::bigint
    FROM metrics_errortype total {_BY} AND judge_id = {_IS_REFERENCE}
      AND (%(generators)s::bigint[] IS NULL OR generator_id = ANY(%(generators)s::bigint[]))
    GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""  # noqa: S608

_DIFFICULTIES = f"""
    SELECT band, finding, sum(n)::bigint
    FROM metrics_difficulty total {_BY} AND judge_id = {_IS_REFERENCE}
      AND generator_id = ANY(%(generators)s::bigint[])
    GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608

_SOURCES = """
    SELECT kinds, sum(n) FROM metrics_source
    WHERE dataset_id = ANY(%(datasets)s)
      AND (%(generator)s::bigint IS NULL OR generator_id = %(generator)s)
    GROUP BY 1
"""

_PAIRS = """
    SELECT first_id, second_id, first_label, second_label, sum(n)
    FROM metrics_paircount
    WHERE dataset_id = ANY(%(datasets)s) AND first_label >= -1 AND second_label >= -1
      AND (%(judges)s::bigint[] IS NULL OR (
          first_id = ANY(%(judges)s::bigint[]) AND second_id = ANY(%(judges)s::bigint[])))
    GROUP BY 1, 2, 3, 4
"""
