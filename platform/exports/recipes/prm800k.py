"""PRM800K's records, as in its second phase: a solution rated up to its first error.

A trace that came from PRM800K and counts by its own labels is exported as it was, with all
alternatives. For any other, the steps have the judge's labels, 1 where there is none before the
first error; a correction is the alternative to the wrong step, rated 1; the whole solution is in
`pre_generated_steps`, so that the steps after the error are there too.
"""

from collections.abc import Iterable
from typing import Any

from exports.recipes.base import Column, Made, NoOptions, Recipe, Row
from exports.recipes.labelled_trace import LabelledTrace


def rows(traces: list[LabelledTrace], options: NoOptions) -> Iterable[Made]:
    for trace in traces:
        kept, own = _as_it_came(trace), trace.metadata
        row = {
            "labeler": (kept and _text(own.get("labeler"))) or f"judge-{trace.judge_id}",
            "timestamp": _text(own.get("timestamp")) if kept else None,
            "generation": _whole(own.get("generation")) if kept else None,
            "is_quality_control_question": kept and _flag(trace, "is_quality_control_question"),
            "is_initial_screening_question": kept and _flag(trace, "is_initial_screening_question"),
            "question": _question(trace),
            "label": own["label"] if kept else _label(trace),
        }
        yield row, (trace,)


def _as_it_came(trace: LabelledTrace) -> bool:
    label = trace.metadata.get("label")
    return trace.judge_kind == "reference" and isinstance(label, dict) and "steps" in label


def _question(trace: LabelledTrace) -> Row:
    own = trace.metadata.get("question")
    known: dict[str, Any] = own if isinstance(own, dict) else {}
    return {
        "problem": trace.problem,
        "ground_truth_answer": trace.reference_answer,
        "ground_truth_solution": trace.reference_solution,
        "pre_generated_steps": trace.steps,
        "pre_generated_answer": trace.final_answer,
        "pre_generated_verifier_score": known.get("pre_generated_verifier_score"),
    }


def _label(trace: LabelledTrace) -> Row:
    rated = trace.step_labels or [None] * len(trace.steps)
    last = len(rated) - 1 if trace.is_right else trace.earliest_error
    last = max([last, *(place for place, rating in enumerate(rated) if rating is not None)])
    return {
        "steps": [_step(trace, place, rated[place]) for place in range(last + 1)],
        "total_time": 0,
        "finish_reason": "solution" if trace.is_right else "found_error",
    }


def _step(trace: LabelledTrace, place: int, rating: int | None) -> Row:
    is_error = place == trace.earliest_error
    if is_error:
        rating = -1
    elif rating is None and (trace.is_right or place < trace.earliest_error):
        rating = 1
    completions = [_completion(trace.steps[place], rating)]
    if is_error and trace.corrected_step:
        completions.append(_completion(trace.corrected_step, 1))
    return {
        "completions": completions,
        "human_completion": None,
        "chosen_completion": None if is_error else 0,
    }


def _completion(text: str, rating: int | None) -> Row:
    return {"text": text, "rating": rating, "flagged": False}


def _flag(trace: LabelledTrace, name: str) -> bool:
    return trace.metadata.get(name) is True


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None


_COMPLETION = {"text": "string", "rating": "int64", "flagged": "bool"}
_STEP = {
    "completions": [_COMPLETION],
    "human_completion": {**_COMPLETION, "source": "string"},
    "chosen_completion": "int64",
}

RECIPE = Recipe(
    name="prm800k",
    title="PRM800K",
    description="PRM800K's format: a solution rated step by step up to its first error.",
    columns={
        "labeler": Column("string", "labeler: PRM800K's number, or that of the judge"),
        "timestamp": Column("string", "time, for records from PRM800K"),
        "generation": Column("int64", "PRM800K's own; null for others"),
        "is_quality_control_question": Column("bool", "PRM800K's own; false for others"),
        "is_initial_screening_question": Column("bool", "PRM800K's own; false for others"),
        "question": Column(
            {
                "problem": "string",
                "ground_truth_answer": "string",
                "ground_truth_solution": "string",
                "pre_generated_steps": ["string"],
                "pre_generated_answer": "string",
                "pre_generated_verifier_score": "float64",
            },
            "the problem, its reference and the whole solution",
        ),
        "label": Column(
            {"steps": [_STEP], "total_time": "int64", "finish_reason": "string"},
            "for each step what was rated 1, 0 or -1, and how the rating ended",
        ),
    },
    rows=rows,
    reads=frozenset(
        {"step_labels", "correction", "reference_answer", "reference_solution"}
        | {"judge_id", "judge_kind", "final_answer", "metadata"}
    ),
    whole_problems=False,
    for_training=False,
)
