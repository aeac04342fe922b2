"""A generator's error profile from the summaries: survival, positions, types."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from metrics.generators.errors import GeneratorErrors, summarise
from metrics.stats.bootstrap import Counts
from metrics.stats.breakdown import band_names, bands
from metrics.stats.difficulty import NAMES as DIFFICULTIES
from metrics.stats.survival import LogRank, SurvivalPoint, log_rank, survival
from metrics.stats.wilson import Rate, wilson_rate
from metrics.summaries import queries
from metrics.summaries.queries import Group
from traces.models import Generator, Judge

# Of `models.TraceSnapshot.kinds`, in the order in which a label is believed.
SOURCES = (("reference", 1), ("consensus", 4), ("human", 2), ("model", 8))


@dataclass(frozen=True, slots=True)
class ErrorShare:
    """Error rate of a part of a generator's traces; `query` selects them in a trace filter."""

    name: str
    errors: Rate
    query: str = ""


@dataclass(frozen=True, slots=True)
class SourceShare:
    """Share of a generator's traces whose most trusted label is of this source."""

    name: str
    traces: Rate


@dataclass(frozen=True, slots=True)
class GeneratorProfile:
    errors: GeneratorErrors
    survival: list[SurvivalPoint]
    by_subset: list[ErrorShare]
    by_difficulty: list[ErrorShare]
    by_length: list[ErrorShare]
    sources: list[SourceShare]


def all_errors(
    datasets: Sequence[int], judge: Judge | None, *, only: Sequence[int] | None = None
) -> list[GeneratorErrors]:
    """Return the errors of each generator, most errors first. Three queries."""
    groups = queries.groups(datasets, judge, generators=only)
    types = queries.error_types(datasets, judge, generators=only)
    found = [
        summarise(one, groups[one.pk], types.get(one.pk, {}))
        for one in Generator.objects.filter(pk__in=list(groups))
    ]
    found.sort(key=lambda one: (-(one.errors.value or 0), str(one.generator), one.generator.pk))
    return found


def profile(
    datasets: Sequence[int], judge: Judge | None, generator: Generator
) -> GeneratorProfile | None:
    """Return one generator's profile; None where the judge judged none of its traces.

    Six queries.
    """
    found = all_errors(datasets, judge, only=[generator.pk])
    if not found:
        return None
    groups = queries.groups(datasets, judge, generators=[generator.pk])[generator.pk]
    subsets = queries.groups(datasets, judge, generators=[generator.pk], by="subset")
    difficulty = queries.difficulties(datasets, judge, generator.pk)
    return GeneratorProfile(
        errors=found[0],
        survival=survival(*survival_counts(found[0])),
        by_subset=[
            ErrorShare(name, error_rate(rows), name) for name, rows in sorted(subsets.items())
        ],
        by_difficulty=[
            ErrorShare(
                DIFFICULTIES[band] if band >= 0 else "no known final answers",
                wilson_rate(counts.get(0, 0), counts.get(0, 0) + counts.get(-1, 0)),
            )
            for band, counts in sorted(difficulty.items())
        ],
        by_length=by_length(groups),
        sources=source_shares(queries.sources(datasets, generator.pk)),
    )


def error_rate(groups: Iterable[Group]) -> Rate:
    usable = [group for group in groups if group.earliest_error is not None]
    wrong = sum(group.traces for group in usable if group.earliest_error != -1)
    return wilson_rate(wrong, sum(group.traces for group in usable))


def survival_counts(found: GeneratorErrors) -> tuple[Counts, Counts]:
    """Return errors by step and error-free ends by length, as `survival.survival` takes them."""
    errors = np.zeros(max(found.steps, default=-1) + 1, dtype=np.int64)
    ended = np.zeros(max(found.ended, default=-1) + 1, dtype=np.int64)
    for step, count in found.steps.items():
        errors[step] = count
    for length, count in found.ended.items():
        ended[length] = count
    return errors, ended


def by_length(groups: Iterable[Group]) -> list[ErrorShare]:
    rows: dict[str, list[Group]] = {}
    for group in groups:
        rows.setdefault(bands([group.step_count])[0], []).append(group)
    return [ErrorShare(name, error_rate(rows[name]), name) for name in band_names() if name in rows]


def compare(first: GeneratorErrors, second: GeneratorErrors) -> LogRank | None:
    """Test whether two generators' survival curves differ."""
    return log_rank(*survival_counts(first), *survival_counts(second))


def source_shares(kinds: dict[int, int]) -> list[SourceShare]:
    """Return the sources' shares, then the unlabelled traces.

    A trace counts once, for its most trusted source.
    """
    total = sum(kinds.values())
    left = dict(kinds)
    found = []
    for name, bit in SOURCES:
        mine = [kind for kind in left if kind & bit]
        found.append(SourceShare(name, wilson_rate(sum(left.pop(kind) for kind in mine), total)))
    found.append(SourceShare("none", wilson_rate(sum(left.values()), total)))
    return found
