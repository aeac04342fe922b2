"""Rows of VersaPRM: a question and chains of thought, each step rated, with rated alternatives.

`augs` are alternatives to the step at `aug_idx` (from 0), which may be one after the last step.
With ReadOptions.alternatives each is a trace as well: the chain up to there, then the alternative.
Ratings are 1, 0 and -1 as in PRM800K, the source of the mathematical rows.
"""

from collections.abc import Iterator
from typing import Any

from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    as_object,
    check_text,
    first_wrong,
    has_lists,
    has_texts,
    optional_list,
    optional_text,
    other_fields,
    required_list,
    steps_in,
    text,
    text_or_empty,
    type_name,
)
from traces.formats.prm800k import as_label
from traces.records import LabelRecord, RowError, TraceRecord

_USED = frozenset({"domain", "question", "answer", "chain_of_thoughts", "id"})


def matches(row: Row) -> bool:
    return has_texts(row, "question") and has_lists(row, "chain_of_thoughts")


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    chains = required_list(row, "chain_of_thoughts")
    if not chains:
        raise RowError("chain_of_thoughts", "is empty, and must hold at least one chain")
    for index, chain in enumerate(chains):
        place = f"chain_of_thoughts[{index}]"
        yield from _traces(row, as_object(chain, place), index, place, options)


def _traces(
    row: Row, chain: Row, index: int, place: str, options: ReadOptions
) -> Iterator[TraceRecord]:
    steps = steps_in(chain, "steps")
    ratings = _ratings(chain, len(steps), place)
    augs = optional_list(chain, "augs", place)
    metadata = {**other_fields(row, _USED), "alternatives": augs}
    yield _trace(row, steps, ratings, options, metadata, f"{index}")
    if options.alternatives:
        for number, aug in enumerate(augs):
            name = f"{place}.augs[{number}]"
            at, step, rating = _alternative(as_object(aug, name), name, len(steps))
            longer, rated = [*steps[:at], step], [*ratings[:at], rating]
            yield _trace(row, longer, rated, options, other_fields(row, _USED), f"{index}/{number}")


def _ratings(chain: Row, count: int, place: str) -> list[int]:
    ratings = required_list(chain, "labels")
    if len(ratings) != count:
        raise RowError(f"{place}.labels", f"has {len(ratings)} entries for {count} steps")
    return [_rating(rating, f"{place}.labels[{i}]") for i, rating in enumerate(ratings)]


def _rating(value: Any, name: str) -> int:
    if type(value) is not int or value not in (-1, 0, 1):
        shown = value if type(value) is int else type_name(value)
        raise RowError(name, f"must be -1, 0 or 1, and is {shown}")
    return value


def _alternative(aug: Row, name: str, count: int) -> tuple[int, str, int]:
    at = aug.get("aug_idx")
    if type(at) is not int or not 0 <= at <= count:
        raise RowError(f"{name}.aug_idx", f"must be a step's index, 0 to {count}")
    step = check_text(aug.get("aug_step"), f"{name}.aug_step")
    return at, step, _rating(aug.get("aug_type"), f"{name}.aug_type")


def _trace(
    row: Row,
    steps: list[str],
    ratings: list[int],
    options: ReadOptions,
    metadata: Row,
    place: str,
) -> TraceRecord:
    labels = [as_label(rating, options) for rating in ratings]
    name = text_or_empty(row, "id")
    return TraceRecord(
        problem=text(row, "question"),
        steps=steps,
        id=f"{name}/{place}" if name else "",
        subset=text_or_empty(row, "domain"),
        reference_solution=optional_text(row, "answer"),
        label=LabelRecord(first_wrong(labels), step_labels=labels),
        metadata=metadata,
    )


FORMAT = Format(
    name="versaprm",
    title="VersaPRM",
    description="Chains of thought in many subjects, rated step by step, with alternatives.",
    matches=matches,
    read=read,
)
