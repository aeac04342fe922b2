"""MATH-APS (OmegaPRM): a tree of solution prefixes with Monte Carlo values.

`reasoning_steps` lists cumulative prefixes that include the question. A prefix that no other one
continues gives a trace. Its steps are the differences along its branch, so that the joined question
and steps are the prefix again. `mc_value` is the step's score, the share of completions that reach
the right answer. A step is wrong if it is 0: no completion from there is right, which is the rule
of the tree search itself. If a prefix is listed twice, the first value is used.
"""

from collections.abc import Iterator
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    as_object,
    check_steps,
    digest,
    first_wrong,
    has_lists,
    has_texts,
    optional_text,
    other_fields,
    required_list,
    text,
    text_or_empty,
    type_name,
)
from traces.records import LabelRecord, RowError, TraceRecord

_USED = frozenset({"question", "final_answer", "reasoning_steps"})


def matches(row: Row) -> bool:
    if not (has_texts(row, "question") and has_lists(row, "reasoning_steps")):
        return False
    nodes = row["reasoning_steps"]
    return bool(nodes) and isinstance(nodes[0], dict) and "solution_prefix" in nodes[0]


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    question = text(row, "question")
    values = _values(row, question)
    place = {prefix: index for index, prefix in enumerate(values)}
    # Several questions share a question_id: each part of the dataset numbers its own.
    name = f"{text_or_empty(row, 'question_id')}/{digest(question)}"
    branches = [branch for branch in _branches(sorted(values), question) if branch]
    if not branches:
        raise RowError("reasoning_steps", "has no prefix that goes beyond the question")
    for branch in sorted(branches, key=lambda branch: place[branch[-1]]):
        starts = [question, *branch]
        steps = [after[len(before) :] for before, after in zip(starts, branch, strict=False)]
        scores = [values[prefix] for prefix in branch]
        labels: list[int | None] = [1 if score > 0 else -1 for score in scores]
        yield TraceRecord(
            problem=question,
            steps=check_steps(steps, "reasoning_steps"),
            id=f"{name}/{place[branch[-1]]}",
            reference_answer=optional_text(row, "final_answer"),
            label=LabelRecord(first_wrong(labels), step_labels=labels, scores=scores),
            metadata=other_fields(row, _USED),
        )


def _values(row: Row, question: str) -> dict[str, float]:
    values: dict[str, float] = {}
    for index, node in enumerate(required_list(row, "reasoning_steps")):
        place = f"reasoning_steps[{index}]"
        fields = as_object(node, place)
        prefix = text(fields, "solution_prefix")
        if not prefix.startswith(question):
            raise RowError(f"{place}.solution_prefix", "must begin with the question")
        values.setdefault(prefix, _share(fields.get("mc_value"), f"{place}.mc_value"))
    return values


def _share(value: Any, name: str) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1:
        shown = value if type(value) in (int, float) else type_name(value)
        raise RowError(name, f"must be a share from 0 to 1, and is {shown}")
    return float(value)


def _branches(ordered: list[str], question: str) -> Iterator[list[str]]:
    """Yield the prefixes from each branch's first step to its end; `ordered` is sorted.

    In sorted order all prefixes that continue a prefix follow it directly.
    """
    path: list[str] = []
    for index, prefix in enumerate(ordered):
        while path and not prefix.startswith(path[-1]):
            path.pop()
        if prefix != question:
            path.append(prefix)
        if index + 1 == len(ordered) or not ordered[index + 1].startswith(prefix):
            yield list(path)


FORMAT = Format(
    name="math-aps",
    title="MATH-APS",
    description="Solution prefixes with Monte Carlo values; each end of a branch is a trace.",
    matches=matches,
    read=read,
)
