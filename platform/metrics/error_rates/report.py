"""True error rate of a dataset's traces and of each generator's, from few human labels.

A label counts where its probability of being drawn is known: the verdict's inclusion probability,
as queues store it for the traces that chance gave them. A trace that several people labelled has
the consensus's label, or where there is none, the share of them that found an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from metrics.models import NO_ANSWER
from metrics.reports.cache import CachedReport
from metrics.reports.label_matrix import LabelMatrix, load_label_matrix, problem_names
from metrics.reports.query import MetricsQuery
from metrics.stats.bootstrap import Floats
from metrics.stats.cross_fitting import cross_fit
from metrics.stats.prevalence import (
    RateEstimate,
    classical,
    effective_gain,
    labels_needed,
    normal_holds,
    powered,
    stratified,
)
from traces.models import Judge


@dataclass(frozen=True, slots=True)
class Form:
    """One estimate of the rate.

    `gain` is relative to the labels alone; `needed` is the number of further labels for 2 points.
    """

    name: str
    estimate: RateEstimate
    gain: float | None
    needed: int | None
    is_normal: bool  # the interval needs many labels


@dataclass(frozen=True, slots=True)
class TrueRate:
    """Estimates for all traces (no generator) or one generator.

    `by_model` is the model's own rate, uncorrected.
    """

    generator: int | None
    traces: int
    labels: int
    by_model: float | None
    forms: list[Form]
    normal_holds: bool


@dataclass(frozen=True, slots=True)
class TrueRates:
    """All estimates. `unknown` labels were left out: their traces' selection is unknown."""

    rates: list[TrueRate]
    unknown: int


FORMS = {
    "stratified": "stratified by the model's verdict",
    "classical": "labels only",
    "powered": "prediction-powered, tuned (PPI++)",
    "ppi": "prediction-powered (PPI)",
    "crossfit": "cross-fitted over all models",
}


def true_rates(query: MetricsQuery) -> TrueRates:
    """Return the rates of all traces of the query, then by generator.

    `query.judge` is the model.
    """
    model = query.judge
    assert model is not None
    models = [model, *(number for number in _models(query) if number != model)]
    matrix = _population(query, models)
    found, unknown = _labels(matrix)
    labels = np.array([found.get(t, (np.nan, 1))[0] for t in matrix.traces.tolist()], dtype=float)
    chances = np.array([found.get(t, (0.0, 1.0))[1] for t in matrix.traces.tolist()], dtype=float)
    whole = _rate(None, matrix, labels, chances)
    rates = [whole]
    for generator in np.unique(matrix.generators).tolist():
        here = matrix.generators == generator
        rates.append(_rate(generator, matrix.where(here), labels[here], chances[here]))
    return TrueRates(rates, unknown)


RATES = CachedReport("true rates", 1, TrueRates, true_rates)


def _models(query: MetricsQuery) -> list[int]:
    from metrics.models import Profile

    present = Profile.objects.filter(dataset_id__in=query.datasets).values("judge_id")
    judges = Judge.objects.filter(pk__in=present, kind=Judge.Kind.MODEL)
    return list(judges.order_by("pk").values_list("pk", flat=True))


def _rate(generator: int | None, matrix: LabelMatrix, labels: Floats, chances: Floats) -> TrueRate:
    words = np.column_stack([_word(matrix, place) for place in range(matrix.labels.shape[1])])
    model = words[:, 0]
    told = ~np.isnan(model)
    names = matrix.problems
    estimates = {
        "stratified": stratified(labels, model, chances, problems=names),
        "classical": classical(labels, chances, problems=names),
        "powered": powered(labels, model, chances, problems=names),
        "ppi": powered(labels, model, chances, problems=names, power=1.0),
        "crossfit": _crossfitted(matrix, words, labels, chances),
    }
    alone = estimates["classical"]
    return TrueRate(
        generator=generator,
        traces=len(matrix),
        labels=int((~np.isnan(labels)).sum()),
        by_model=float(model[told].mean()) if told.any() else None,
        forms=[
            Form(
                name,
                estimate,
                effective_gain(alone, estimate) if alone and name != "classical" else None,
                labels_needed(estimate),
                name not in {"stratified", "classical"},
            )
            for name, estimate in estimates.items()
            if estimate is not None
        ],
        normal_holds=normal_holds(labels, chances),
    )


def _crossfitted(
    matrix: LabelMatrix, words: Floats, labels: Floats, chances: Floats
) -> RateEstimate | None:
    """Return the cross-fitted prediction, if several models and several folds have labels."""
    if words.shape[1] < 2 or np.isnan(labels).all():
        return None
    predictions = cross_fit(words, labels, chances, problem_names(matrix))
    return powered(labels, predictions, chances, problems=matrix.problems)


def _word(matrix: LabelMatrix, place: int) -> Floats:
    """Return 1 where the judge found an error, 0 where none, NaN for no usable answer."""
    column = matrix.labels[:, place]
    return np.where(column <= NO_ANSWER, np.nan, (column >= 0).astype(np.float64))


def _population(query: MetricsQuery, models: Sequence[int]) -> LabelMatrix:
    """Return all traces, judged or not; the unjudged ones form a stratum of their own."""
    return load_label_matrix(query, models, every=True)


def _labels(matrix: LabelMatrix) -> tuple[dict[int, tuple[float, float]], int]:
    """Return by trace the share of people who found an error and its inclusion probability.

    The last value is the number of labels left out because their probability is unknown.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LABELS, [matrix.traces.tolist()])
        rows = cursor.fetchall()
    found = {trace: (float(label), float(chance)) for trace, label, chance in rows if chance}
    return found, sum(1 for _, _, chance in rows if not chance)


_LABELS = """
    SELECT trace_id,
        coalesce(
            avg((earliest_error >= 0)::int) FILTER (WHERE kind = 'consensus'),
            avg((earliest_error >= 0)::int) FILTER (WHERE kind = 'human')),
        max(inclusion_probability)
    FROM traces_verdict verdict JOIN traces_judge judge ON judge.id = judge_id
    WHERE is_current AND earliest_error IS NOT NULL AND kind IN ('human', 'consensus')
      AND trace_id = ANY(%s)
    GROUP BY trace_id
"""
