from dataclasses import asdict

import pytest

from metrics.judges.leaderboard import leaderboard
from metrics.judges.outcomes import OUTCOMES, OutcomeTraces
from metrics.reports.query import MetricsQuery
from metrics.summaries import refresh
from tests.factories import make_user, make_verdict
from tests.metrics.rows import (
    judge_traces,
    label_traces,
    make_dataset,
    make_model,
    make_trace,
)

pytestmark = pytest.mark.django_db


def behind(outcome: str, question: MetricsQuery, total: int) -> OutcomeTraces:
    return OutcomeTraces(outcome, question, total, reader=make_user(role="lead"))


def test_traces_behind_an_outcome_are_as_many_as_the_leaderboard_counts() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    labels = [2, 2, 2, 2, 2, 2, -1, -1, -1]
    found = [2, 1, 0, 4, -1, None, -1, 3, None]
    judge_traces(judge, label_traces(dataset, reference, "s", labels), found)
    make_verdict(make_trace(dataset, "unlabelled"), judge, None)
    refresh.update()
    (row,) = leaderboard(dataset).judges
    for chosen in [reference.pk, None]:
        question = MetricsQuery((dataset.pk,), reference=chosen, judge=judge.pk)
        # Asked for more than there are, so that what there is decides.
        counts = {name: len(behind(name, question, 100)[0:100]) for name in OUTCOMES}
        assert counts == asdict(row.outcomes)


def test_traces_behind_an_outcome_come_by_pages_with_both_labels() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    traces = label_traces(dataset, reference, "s", [3, 3, 3, -1])
    judge_traces(judge, traces, [1, 0, 1, -1])
    refresh.update()
    missed = behind("too_early", MetricsQuery((dataset.pk,), judge=judge.pk), 3)
    pages = [missed[0:2], missed[2:4], missed[4:6]]
    assert [[one.trace.pk for one in page] for page in pages] == [
        [traces[0].pk, traces[1].pk],
        [traces[2].pk],
        [],
    ]
    assert [(one.label, one.said) for one in pages[0]] == [(3, 1), (3, 0)]


def test_no_usable_answer_is_none() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "s", [0]), [None])
    refresh.update()
    (one,) = behind("unparsable", MetricsQuery((dataset.pk,), judge=judge.pk), 1)[0:25]
    assert (one.label, one.said) == (0, None)
