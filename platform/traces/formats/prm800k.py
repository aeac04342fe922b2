"""PRM800K, both phases: steps rated 1, 0 or -1 by people, with rated alternatives.

The trace is the path that was taken: the chosen completion of each step, or the labeler's own text
instead (which counts as right). If nothing was chosen, it is the first completion, and phase 2 ends
there. Phase 2 rated whole solutions up to the first error. The steps after it are added from
`pre_generated_steps` without labels, so that a trace does not end with its error.

ReadOptions selects if 0 counts as right, if alternatives become traces (the path up to the step,
then the alternative), and if the rows are read that the authors set aside: quality control,
screening, bad problems, and labelers who gave up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    as_object,
    check_steps,
    check_text,
    first_wrong,
    optional_list,
    optional_text,
    other_fields,
    required,
    required_list,
    text,
    type_name,
)
from traces.records import LabelRecord, RowError, TraceRecord

_USED = frozenset({"question", "label"})
_USED_OF_QUESTION = frozenset(
    {"problem", "ground_truth_answer", "ground_truth_solution", "pre_generated_steps"}
    | {"pre_generated_answer"}
)
_SET_ASIDE = {
    "is_quality_control_question": "quality control question, shown to every labeler",
    "is_initial_screening_question": "screening question for labelers",
}
_UNFINISHED = {
    "bad_problem": "the labeler reported a bad problem",
    "give_up": "the labeler gave up",
}


@dataclass(frozen=True, slots=True)
class _Rated:
    text: str
    rating: int | None


def matches(row: Row) -> bool:
    question, label = row.get("question"), row.get("label")
    if not (isinstance(question, dict) and isinstance(label, dict)):
        return False
    return isinstance(label.get("steps"), list) and "problem" in question


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    question = as_object(row.get("question"), "question")
    label = as_object(row.get("label"), "label")
    if not options.all_rows:
        _reject_set_aside(row, label)
    choices = [
        (as_object(step, f"label.steps[{i}]"), f"label.steps[{i}]")
        for i, step in enumerate(required_list(label, "steps"))
    ]
    path = [rated for step, place in choices if (rated := _path_step(step, place))]
    if not path:
        raise RowError("label.steps", "has no step with a text")
    yield _trace(row, _whole_solution(path, question), options)
    if options.alternatives:
        for index, (step, place) in enumerate(choices[: len(path)]):
            for number, other in _alternatives(step, place, path[index].text):
                name = f"/{index}/{number}"
                yield _trace(row, [*path[:index], other], options, name=name)


def _reject_set_aside(row: Row, label: Row) -> None:
    for name, why in _SET_ASIDE.items():
        if row.get(name) is True:
            raise RowError(name, f"skipped: {why}; choose to read all rows to include it")
    why = _UNFINISHED.get(str(label.get("finish_reason")), "")
    if why:
        raise RowError(
            "label.finish_reason", f"skipped: {why}; choose to read all rows to include it"
        )


def _path_step(step: Row, place: str) -> _Rated | None:
    """Return the step that the path continues with, or None if the labeler left it open."""
    completions = _completions(step, place)
    choice = step.get("chosen_completion")
    if choice is not None:
        if type(choice) is not int or not 0 <= choice < len(completions):
            raise RowError(
                f"{place}.chosen_completion", f"must be one of the {len(completions)} completions"
            )
        return completions[choice]
    written = step.get("human_completion")
    if isinstance(written, dict):
        return _Rated(check_text(written.get("text"), f"{place}.human_completion.text"), 1)
    if isinstance(written, str):
        return _Rated(check_text(written, f"{place}.human_completion"), 1)
    return completions[0] if completions else None


def _alternatives(step: Row, place: str, taken: str) -> Iterator[tuple[int, _Rated]]:
    for number, other in enumerate(_completions(step, place)):
        if other.text != taken and other.rating is not None:
            yield number, other


def _completions(step: Row, place: str) -> list[_Rated]:
    rated = []
    for index, completion in enumerate(optional_list(step, "completions", place)):
        name = f"{place}.completions[{index}]"
        fields = as_object(completion, name)
        rating = fields.get("rating")
        if rating is not None and (type(rating) is not int or rating not in (-1, 0, 1)):
            shown = rating if type(rating) is int else type_name(rating)
            raise RowError(f"{name}.rating", f"must be -1, 0, 1 or null, and is {shown}")
        rated.append(_Rated(check_text(fields.get("text"), f"{name}.text"), rating))
    return rated


def _whole_solution(path: list[_Rated], question: Row) -> list[_Rated]:
    """Return the path with the unrated rest of the solution that it begins."""
    whole = question.get("pre_generated_steps")
    if not isinstance(whole, list) or whole[: len(path)] != [step.text for step in path]:
        return path
    steps = check_steps(whole, "question.pre_generated_steps")
    return path + [_Rated(step, None) for step in steps[len(path) :]]


def _trace(row: Row, path: list[_Rated], options: ReadOptions, name: str = "") -> TraceRecord:
    question = row["question"]
    return TraceRecord(
        problem=text(question, "problem"),
        steps=check_steps([step.text for step in path], "label.steps"),
        id=_id(row) + name if _id(row) else "",
        subset="phase1" if row.get("generation") is None else "phase2",
        reference_answer=optional_text(question, "ground_truth_answer"),
        reference_solution=optional_text(question, "ground_truth_solution"),
        final_answer=None if name else optional_text(question, "pre_generated_answer"),
        label=_label(row, path, options, finished=not name),
        metadata={"alternative_of": _id(row)} if name else _metadata(row),
    )


def _id(row: Row) -> str:
    labeler, moment = row.get("labeler"), row.get("timestamp")
    return f"{labeler}/{moment}" if labeler and moment else ""


def _label(row: Row, path: list[_Rated], options: ReadOptions, *, finished: bool) -> LabelRecord:
    """Return the label; no error only if the labeler rated the path or alternative to its end."""
    labels = [as_label(step.rating, options) for step in path]
    first: int | None = first_wrong(labels)
    if first == -1 and finished and row["label"].get("finish_reason") != "solution":
        first = None
    return LabelRecord(first, step_labels=labels)


def as_label(rating: int | None, options: ReadOptions) -> int | None:
    """Return a rating as a step's label: 0 stays neutral, or is wrong if the options say so."""
    return -1 if rating == 0 and options.neutral == "negative" else rating


def _metadata(row: Row) -> dict[str, Any]:
    """Return the other fields, and the label as given with alternatives and total time."""
    return {
        **other_fields(row, _USED),
        "question": other_fields(row["question"], _USED_OF_QUESTION),
        "label": required(row, "label"),
    }


FORMAT = Format(
    name="prm800k",
    title="PRM800K",
    description="Solutions rated step by step by people, with rated alternatives; both phases.",
    matches=matches,
    read=read,
)
