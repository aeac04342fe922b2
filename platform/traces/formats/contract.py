"""The interface of a format, and the options for reading its rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from traces.records import TraceRecord
from traces.segmentation.split import SPLITTERS

Row = dict[str, Any]

# The parts of a record that the general format fills, and the default field of each.
GENERAL_FIELDS = {
    "problem": "problem",
    "steps": "steps",
    "text": "text",
    "generator": "generator",
    "generator_revision": "generator_revision",
    "id": "id",
    "subset": "subset",
    "label": "label",
    "step_labels": "step_labels",
    "scores": "scores",
    "error_type": "error_type",
    "explanation": "explanation",
    "correction": "correction",
    "reference_answer": "reference_answer",
    "reference_solution": "reference_solution",
    "final_answer": "final_answer",
    "final_answer_correct": "final_answer_correct",
}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options for the choices that a dataset leaves open. Raises ValueError for a wrong one.

    `neutral`: a step rated 0 (PRM800K) counts as right ("positive"), as for ProcessBench and Qwen's
    models, or as wrong ("negative"), as in TRL's converter.
    `alternatives`: yield a trace for each rated alternative to a step as well.
    `all_rows`: yield the rows that PRM800K's authors set aside as well.
    `originals`: yield PRMBench's unchanged solutions as well.
    `generator` and `subset` are used for rows that name none.

    The other options are for rows without a fixed format. `mapping` names the field of each part of
    a record, with dots for a nested one ("messages.0.content"). `label_base` is the number of the
    first step in labels. `cut` and `marker` select how one text is split into steps.
    """

    neutral: Literal["positive", "negative"] = "positive"
    alternatives: bool = False
    all_rows: bool = False
    originals: bool = True
    generator: str = ""
    subset: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    label_base: Literal[0, 1] = 0
    cut: str = "blank-line"
    marker: str = ""
    # The mapping with its defaults, and the top-level fields of a row that it reads.
    where: Mapping[str, str] = field(init=False, repr=False, compare=False)
    used: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.neutral not in ("positive", "negative"):
            raise ValueError(f"neutral is {self.neutral!r}, but must be 'positive' or 'negative'")
        if self.label_base not in (0, 1):
            raise ValueError(f"label_base is {self.label_base!r}, but must be 0 or 1")
        if self.cut not in SPLITTERS:
            raise ValueError(f"cut is {self.cut!r}, but must be one of {', '.join(SPLITTERS)}")
        if self.cut == "marker" and not self.marker:
            raise ValueError("cut is 'marker', which needs a marker text")
        unknown = [name for name in self.mapping if name not in GENERAL_FIELDS]
        if unknown:
            names = ", ".join(GENERAL_FIELDS)
            raise ValueError(f"mapping names the unknown field {unknown[0]!r}; fields: {names}")
        where = {**GENERAL_FIELDS, **self.mapping}
        object.__setattr__(self, "where", where)
        object.__setattr__(self, "used", frozenset(p.partition(".")[0] for p in where.values()))


@dataclass(frozen=True, slots=True)
class Format:
    """The format of one dataset's rows.

    `matches` looks only at a row's fields and does not match other formats' rows. `read` yields the
    row's traces, or raises RowError.
    """

    name: str
    title: str
    description: str
    matches: Callable[[Row], bool]
    read: Callable[[Row, ReadOptions], Iterator[TraceRecord]]
