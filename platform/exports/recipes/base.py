"""What a recipe is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from exports.selection import LabelledTrace

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the labelled traces of one problem become rows.

    `rows` yields (split, row); a split is a file of the export. `fields` says what each field of a
    row holds, for the dataset card.
    """

    name: str
    title: str
    description: str
    fields: dict[str, str]
    rows: Callable[[list[LabelledTrace]], Iterable[tuple[str, Row]]]
