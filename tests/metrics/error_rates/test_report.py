"""The true error rates are those of the estimators, from the verdicts by another way."""

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from metrics.stats.prevalence import classical, effective_gain, labels_needed, powered, stratified
from tests.metrics.page_reader import read, table_rows
from tests.metrics.worlds import World
from traces.models import Verdict

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
