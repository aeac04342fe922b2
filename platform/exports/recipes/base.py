"""The interface of a recipe."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from exports.recipes.labelled_trace import LabelledTrace

Row = dict[str, Any]
# A row, and the traces whose verdicts it rests on: none where it is the reference's alone.
Made = tuple[Row, tuple[LabelledTrace, ...]]

# A column's type: "string", "bool", "int64" or "float64"; a list of a type as [type]; an object as
# a dictionary of types. Any value of any column may be null.
Kind = str | list[Any] | dict[str, Any]

# Between the steps of a rationale that is one text.
STEP_BREAK = "\n\n"


class NoOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a recipe that has none."""


@dataclass(frozen=True, slots=True)
class Column:
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the labelled traces of one problem become rows.

    `rows` takes a problem's traces in a fixed order and an instance of `options`; the rows are of
    the traces' split, and their keys are `columns` in order. Without `whole_problems` it may be
    given the traces of a problem in several pieces, so that memory has a bound. `reads` names the
    fields of a trace that cost time to read and that the recipe looks at. A benchmark's problems
    stay out of recipes `for_training` unless the rule asks for them. With `splits_by_subset` a
    split is a subset, and the rule's splits are not used. With `keeps_copies` traces that are alike
    stay, whatever the rule says of them: they are samples, and are counted. `shaped` gives the
    columns where they depend on the options; `columns` are then those of the usual options.
    """

    name: str
    title: str
    description: str
    columns: dict[str, Column]
    rows: Callable[[list[LabelledTrace], Any], Iterable[Made]]
    options: type[msgspec.Struct] = NoOptions
    reads: frozenset[str] = frozenset()
    whole_problems: bool = True
    for_training: bool = True
    splits_by_subset: bool = False
    keeps_copies: bool = False
    file_format: str = "jsonl"
    shaped: Callable[[Any], dict[str, Column]] | None = None

    def columns_for(self, options: msgspec.Struct) -> dict[str, Column]:
        return self.shaped(options) if self.shaped else self.columns
