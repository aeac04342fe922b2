"""The way through the platform: rows in, verdicts of the truth, an export out."""

from pathlib import Path

import pytest

from tests.training.loop.attempts import PROBLEMS
from traces.models import Trace, Verdict
from training.jobs.export_reader import open_export
from training.loop.platform_pipeline import export_dataset, import_rows, review_traces
from training.loop.rollouts import trace_row

pytestmark = pytest.mark.django_db(transaction=True)


def rows() -> list[dict]:
    return [
        trace_row(PROBLEMS[0], PROBLEMS[0].steps, id="correct", generator="teacher"),
        trace_row(PROBLEMS[0], ["7+8=6", "6*2=2", "2-9=3"], id="wrong", generator="teacher"),
    ]


def truth(problem: str, steps: list[str]) -> int:
    return {chain.text: chain for chain in PROBLEMS}[problem].earliest_error(steps)


def test_imported_traces_are_reviewed_once_and_exported(tmp_path: Path):
    dataset = import_rows("loop", rows(), tmp_path / "scratch")
    assert Trace.objects.filter(dataset=dataset).count() == 2
    assert review_traces(dataset, truth) == 2
    assert review_traces(dataset, truth) == 0
    verdicts = Verdict.objects.order_by("trace__external_id")
    assert [verdict.earliest_error for verdict in verdicts] == [-1, 0]
    folder = export_dataset(dataset, "prm", after_first_error="left-out")
    exported = list(open_export(folder, recipes=("prm",)).rows("train"))
    assert {row["id"]: row["labels"] for row in exported} == {
        "correct": [True, True, True],
        "wrong": [False],
    }


def test_a_rejected_row_raises(tmp_path: Path):
    with pytest.raises(RuntimeError, match=r"loop\.jsonl failed: rows rejected"):
        import_rows("loop", [*rows(), {"id": "empty", "problem": "1+1"}], tmp_path / "scratch")
