"""Traces that people found to be right are almost never flagged."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from inference.backends.arithmetic import ArithmeticBackend
from inference.backends.interface import NO_ERROR, Recipe, TraceText

Find = Callable[[str], Path]


def findings(traces: Sequence[TraceText]) -> list[int | None]:
    judged = ArithmeticBackend(Recipe("arithmetic")).judge(traces)
    return [finding.earliest_error for finding in judged]


@pytest.mark.parametrize(("subset", "least"), [("gsm8k", 0.07), ("math", 0.06)])
def test_processbench_is_judged_with_care(shared_data: Find, subset: str, least: float) -> None:
    rows = json.loads(shared_data(f"processbench/{subset}.json").read_text())
    found = findings([TraceText(row["problem"], row["steps"]) for row in rows])
    labels = [row["label"] for row in rows]
    correct = [answer for answer, label in zip(found, labels, strict=True) if label == NO_ERROR]
    wrong = [pair for pair in zip(found, labels, strict=True) if pair[1] != NO_ERROR]
    assert sum(answer != NO_ERROR for answer in correct) < 0.01 * len(correct)
    assert sum(NO_ERROR != answer < label for answer, label in wrong) < 0.01 * len(wrong)
    assert sum(answer == label for answer, label in wrong) > least * len(wrong)


def test_prmbench_originals_are_judged_with_care(shared_data: Find) -> None:
    files = sorted(shared_data("prmbench").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    originals = {tuple(row["original_process"]): row["original_question"] for row in rows}
    found = findings([TraceText(problem, steps) for steps, problem in originals.items()])
    assert len(found) > 2000
    assert sum(answer != NO_ERROR for answer in found) < 0.01 * len(found)
