from dataclasses import asdict

import pytest

from metrics.leaderboards import leaderboard
from metrics.outcomes import OUTCOMES, verdicts_with
from tests.factories import make_verdict
from tests.metrics.rows import (
    judge_traces,
    label_traces,
    make_dataset,
    make_model,
    make_trace,
)

pytestmark = pytest.mark.django_db


def test_verdicts_with_an_outcome_are_as_many_as_the_leaderboard_counts() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    labels = [2, 2, 2, 2, 2, 2, -1, -1, -1]
    found = [2, 1, 0, 4, -1, None, -1, 3, None]
    judge_traces(judge, label_traces(dataset, reference, "s", labels), found)
    make_verdict(make_trace(dataset, "unlabelled"), judge, None)
    (row,) = leaderboard(dataset).judges
    for chosen in [reference, None]:
        counts = {
            name: verdicts_with(name, judge, dataset=dataset, reference=chosen).count()
            for name in OUTCOMES
        }
        assert counts == asdict(row.outcomes)


def test_verdicts_with_an_outcome_carry_the_label() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "s", [3]), [1])
    (verdict,) = verdicts_with("too_early", judge, dataset=None, reference=None)
    assert (verdict.label, verdict.earliest_error) == (3, 1)  # type: ignore[attr-defined]
