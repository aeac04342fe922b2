"""The true error rates are those of the estimators, from the verdicts by another way."""

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from metrics.error_rates.report import true_rates
from metrics.reports.query import MetricsQuery
from metrics.stats.prevalence import classical, effective_gain, labels_needed, powered, stratified
from metrics.summaries import refresh
from tests.factories import make_user, make_verdict
from tests.metrics.page_reader import read, table_rows
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from tests.metrics.worlds import World
from traces.models import Judge, Verdict

pytestmark = pytest.mark.django_db


def test_the_true_error_rate_is_the_functions(reader: Client, world: World) -> None:
    truth = np.full(len(world.traces), np.nan)
    model = np.full(len(world.traces), np.nan)
    for place, trace in enumerate(world.traces):
        said = trace.verdicts.filter(judge__in=world.people)
        if said:
            truth[place] = np.mean([verdict.earliest_error >= 0 for verdict in said])
        model[place] = trace.verdicts.get(judge=world.prm).earliest_error >= 0
    chances = np.full(len(truth), 0.5)
    problems = np.array([trace.problem_id for trace in world.traces])
    page = read(reader, reverse("metrics:error-rate"), judge=str(world.prm.pk))
    rows = {row[0]: row for row in table_rows(page.select_one("section.rate"), "table.parts")}
    alone = classical(truth, chances, problems=problems)
    forms = {
        "labels only": alone,
        "stratified by the model's verdict": stratified(truth, model, chances, problems=problems),
        "prediction-powered, tuned (PPI++)": powered(truth, model, chances, problems=problems),
        "prediction-powered (PPI)": powered(truth, model, chances, problems=problems, power=1.0),
    }
    assert alone is not None
    for name, one in forms.items():
        assert one is not None
        row = rows[name]
        assert row[2] == f"{100 * one.value:.1f} %"
        assert row[3] == f"{100 * one.interval.low:.1f} to {100 * one.interval.high:.1f}"
        needed = labels_needed(one)
        # Sixty traces are fewer than the labels that it would take.
        left = int(np.isnan(truth).sum())
        assert needed is None or needed > left
        wanted = f"{needed:,}; only {left:,} left" if needed else "needs more traces, not labels"
        assert row[5] == wanted
        if one is not alone:
            assert row[4] == f"× {effective_gain(alone, one):.2f}"
    assert "too few labels" in rows["prediction-powered (PPI)"][6]


def test_labels_of_unknown_probability_are_left_out_and_said(reader: Client, world: World) -> None:
    Verdict.objects.filter(judge=world.people[1]).update(inclusion_probability=None)
    only = {
        t.pk
        for t in world.traces
        if {v.judge_id for v in t.verdicts.filter(judge__in=world.people)} == {world.people[1].pk}
    }
    page = read(reader, reverse("metrics:error-rate"), judge=str(world.prm.pk))
    assert f"{len(only)} human labels excluded" in " ".join(page.get_text().split())


def sampled(judge: Judge, probability: float | None = 0.5) -> None:
    """Let the judge's verdicts be drawn with this probability."""
    judge.verdicts.update(inclusion_probability=probability)


def test_without_labels_there_is_the_models_own_rate_alone() -> None:
    dataset, reference = make_dataset()
    model = make_model("prm")
    judge_traces(model, label_traces(dataset, reference, "s", [-1, 1, 2]), [-1, 1, None])
    refresh.update()
    rates = true_rates(MetricsQuery((dataset.pk,), judge=model.pk))
    assert [(rate.traces, rate.labels, rate.by_model, rate.forms) for rate in rates.rates] == [
        (3, 0, 0.5, [])
    ] * 2
    assert rates.unknown == 0
    generator = dataset.traces.earliest("pk").generator_id
    assert [rate.generator for rate in rates.rates] == [None, generator]


def test_a_dataset_without_traces_has_no_rates_but_the_empty_whole() -> None:
    dataset, _ = make_dataset()
    (whole,) = true_rates(MetricsQuery((dataset.pk,), judge=make_model("prm").pk)).rates
    assert (whole.traces, whole.labels, whole.by_model, whole.forms) == (0, 0, None, [])


def test_a_consensus_is_the_label_of_a_trace_and_without_one_the_share_of_people() -> None:
    dataset, reference = make_dataset()
    model = make_model("prm")
    traces = label_traces(dataset, reference, "s", [-1] * 4)
    judge_traces(model, traces, [-1] * 4)
    people = [
        Judge.objects.create(kind="human", name=name, user=make_user(name))
        for name in ("ana", "ben")
    ]
    consensus = Judge.objects.create(kind="consensus", name="bench/queue")
    judge_traces(people[0], traces, [1, 1, -1, None])
    judge_traces(people[1], traces[:2], [1, -1])
    make_verdict(traces[0], consensus, -1)
    for judge in (*people, consensus):
        sampled(judge, 1.0)
    refresh.update()
    whole = true_rates(MetricsQuery((dataset.pk,), judge=model.pk)).rates[0]
    estimates = {form.name: form.estimate for form in whole.forms}
    assert whole.labels == 3
    # No error, one of two people, no error.
    assert estimates["classical"].value == pytest.approx((0 + 0.5 + 0) / 3)


def test_labels_without_a_probability_are_counted_and_left_out() -> None:
    dataset, reference = make_dataset()
    model = make_model("prm")
    traces = label_traces(dataset, reference, "s", [-1, -1])
    judge_traces(model, traces, [-1, -1])
    person = Judge.objects.create(kind="human", name="ana", user=make_user("ana"))
    judge_traces(person, traces, [1, 1])
    sampled(person, None)
    refresh.update()
    rates = true_rates(MetricsQuery((dataset.pk,), judge=model.pk))
    assert (rates.unknown, rates.rates[0].labels) == (2, 0)
