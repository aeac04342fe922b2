"""A checker of answers fills in what a trace does not know, and changes nothing that it does."""

import pytest

from inference.runs.start import start_run
from inference.scorers.registry import builtin_scorer
from inference.shards.score import score_next
from tests.factories import make_dataset, make_trace

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_what_nobody_knew_is_filled_in():
    dataset = make_dataset()
    steps = ["2 + 2 = 4", "The answer is 4."]
    traces = [make_trace(dataset, steps=steps) for _ in range(4)]
    for trace, reference, known in zip(
        traces, ["4", "5", "5", None], [None, None, True, None], strict=True
    ):
        trace.problem.reference_answer = reference
        trace.problem.save()
        trace.final_answer_correct = known
        trace.save()
    start_run(builtin_scorer("final-answer"), dataset=dataset, created_by=None)
    while score_next("checker"):
        pass
    for trace in traces:
        trace.refresh_from_db()
    assert [trace.final_answer_correct for trace in traces] == [True, False, True, None]
    labels = [trace.verdicts.get().earliest_error for trace in traces]
    assert labels == [-1, 1, 1, None]
