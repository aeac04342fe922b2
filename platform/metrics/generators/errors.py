"""Errors of each generator, by one judge's verdicts.

The database groups the verdicts by generator, number of steps, first error and final answer; rates,
histograms and means are then arithmetic on those groups.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from metrics.stats.wilson import Rate, wilson_rate
from metrics.summaries.queries import Group
from traces.models import Dataset, Generator, Judge

TENTHS = 10
# Fewer errors than this have no shape to speak of.
FEW = 10


@dataclass(frozen=True, slots=True)
class GeneratorErrors:
    """Errors in one generator's traces that the judge has judged."""

    generator: Generator
    traces: int
    unparsable: int
    mean_steps: float
    # Of the traces with a usable verdict, those with an error.
    errors: Rate
    # Of the traces with a right final answer and a usable verdict, those with an error.
    right_by_wrong: Rate
    # Errors by tenth of the trace: ten shares that add up to 1, or nothing where there is no error.
    tenths: list[float]
    # Errors by 0-based step.
    steps: dict[int, int]
    # Traces without an error by number of steps.
    ended: dict[int, int]
    # Of the traces with a wrong final answer and a usable verdict, those without an error.
    wrong_by_right: Rate
    # Errors by type, most frequent first; "" is an error whose type the judge does not say.
    error_types: dict[str, int] = field(default_factory=dict)


def generator_errors(
    dataset: Dataset | None, judge: Judge | None, *, generator: Generator | None = None
) -> list[GeneratorErrors]:
    """Return the errors of each generator with judged traces, most errors first.

    Without a dataset, over all of them; without a judge, by the dataset labels. Three queries.
    """
    groups = _groups(dataset, judge, generator)
    types = _error_types(dataset, judge, generator)
    found = [
        summarise(one, groups[one.pk], types.get(one.pk, {}))
        for one in Generator.objects.filter(pk__in=list(groups))
    ]
    found.sort(key=lambda one: (-(one.errors.value or 0), str(one.generator), one.generator.pk))
    return found


def summarise(
    generator: Generator, groups: Iterable[Group], error_types: dict[str, int]
) -> GeneratorErrors:
    """Compute one generator's figures from its groups of traces."""
    groups = list(groups)
    traces = sum(group.traces for group in groups)
    usable = [group for group in groups if group.earliest_error is not None]
    wrong = [group for group in usable if group.earliest_error != -1]
    right = sum(group.traces for group in usable if group.final_answer_correct)
    right_wrong = sum(group.traces for group in wrong if group.final_answer_correct)
    judged = sum(group.traces for group in usable)
    return GeneratorErrors(
        generator=generator,
        traces=traces,
        unparsable=traces - judged,
        mean_steps=sum(group.step_count * group.traces for group in groups) / traces,
        errors=wilson_rate(sum(group.traces for group in wrong), judged),
        right_by_wrong=wilson_rate(right_wrong, right),
        tenths=tenths(wrong),
        steps=_by_step(wrong),
        ended=_by_length(group for group in usable if group.earliest_error == -1),
        wrong_by_right=_wrong_by_right(usable),
        error_types=error_types,
    )


def tenths(wrong: Iterable[Group]) -> list[float]:
    """Return the share of the errors in each tenth of the trace.

    Step k of n (0-based) takes up the stretch from k/n to (k+1)/n, and its error is spread evenly
    over it: put at a single point, the errors of short traces would fall on a few of the tenths.
    """
    parts: list[list[float]] = [[] for _ in range(TENTHS)]
    total = 0
    for group in wrong:
        if group.earliest_error is None:
            continue
        total += group.traces
        start = group.earliest_error * TENTHS / group.step_count
        end = (group.earliest_error + 1) * TENTHS / group.step_count
        for tenth in range(int(start), min(TENTHS, int(end) + 1)):
            overlap = max(0.0, min(end, tenth + 1) - max(start, tenth))
            parts[tenth].append(group.traces * overlap / (end - start))
    # Summed exactly, since groups come in no order: to the last bit the same on every page.
    return [math.fsum(part) / total for part in parts] if total else []


def _by_step(wrong: Iterable[Group]) -> dict[int, int]:
    steps: Counter[int] = Counter()
    for group in wrong:
        if group.earliest_error is not None:
            steps[group.earliest_error] += group.traces
    return dict(sorted(steps.items()))


def _by_length(right: Iterable[Group]) -> dict[int, int]:
    lengths: Counter[int] = Counter()
    for group in right:
        lengths[group.step_count] += group.traces
    return dict(sorted(lengths.items()))


def _wrong_by_right(usable: Iterable[Group]) -> Rate:
    wrong = [group for group in usable if group.final_answer_correct is False]
    fine = sum(group.traces for group in wrong if group.earliest_error == -1)
    return wilson_rate(fine, sum(group.traces for group in wrong))


_CHOSEN = """
    FROM traces_verdict verdict
    JOIN traces_judge judge ON judge.id = verdict.judge_id
    JOIN traces_trace trace ON trace.id = verdict.trace_id
    WHERE verdict.is_current AND trace.is_current_segmentation
      AND CASE WHEN %(judge)s::bigint IS NULL THEN judge.dataset_id = trace.dataset_id
               ELSE judge.id = %(judge)s END
      AND (%(dataset)s::bigint IS NULL OR trace.dataset_id = %(dataset)s)
      AND (%(generator)s::bigint IS NULL OR trace.generator_id = %(generator)s)
"""

_GROUPS = f"""
    SELECT trace.generator_id, trace.step_count, verdict.earliest_error,
        trace.final_answer_correct, count(*)
    {_CHOSEN}
    GROUP BY trace.generator_id, trace.step_count, verdict.earliest_error,
        trace.final_answer_correct
"""

_ERROR_TYPES = f"""
    SELECT trace.generator_id, verdict.error_type, count(*)
    {_CHOSEN} AND verdict.earliest_error >= 0
    GROUP BY trace.generator_id, verdict.error_type
    ORDER BY count(*) DESC, verdict.error_type
"""


def _groups(
    dataset: Dataset | None, judge: Judge | None, generator: Generator | None
) -> dict[int, list[Group]]:
    found: defaultdict[int, list[Group]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, _parameters(dataset, judge, generator))
        for generator_id, *group in cursor:
            found[generator_id].append(Group(*group))
    return found


def _error_types(
    dataset: Dataset | None, judge: Judge | None, generator: Generator | None
) -> dict[int, dict[str, int]]:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_ERROR_TYPES, _parameters(dataset, judge, generator))
        for generator_id, error_type, traces in cursor:
            found[generator_id][error_type] = traces
    return found


def _parameters(
    dataset: Dataset | None, judge: Judge | None, generator: Generator | None
) -> dict[str, int | None]:
    return {
        "dataset": dataset.pk if dataset else None,
        "judge": judge.pk if judge else None,
        "generator": generator.pk if generator else None,
    }
