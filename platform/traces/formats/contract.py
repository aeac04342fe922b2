"""What a format is, and the choices that a reader of rows may be given."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from traces.records import TraceRecord
from traces.segmentation.split import SPLITTERS

Row = dict[str, Any]

# What the general format can fill, and the field it looks in when nothing else is said.
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
    """Choices that a dataset leaves open. Raises ValueError, with a sentence, on a wrong one.

    `neutral`: whether a step rated 0 (PRM800K) counts as right, as for ProcessBench and Qwen's
    models, or as wrong, as in TRL's converter. `alternatives`: give a trace for each rated
    alternative to a step as well. `all_rows`: give the rows too that PRM800K's authors set aside.
    `originals`: give PRMBench's unchanged solutions too. `generator` and `subset` stand in where a
    row names none. The others are for rows of no set form: `mapping` says which field (dotted for a
    nested one, "messages.0.content") holds what; `label_base` is the number of the first step in
    labels; `cut`, with `marker`, says how one text becomes steps.
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
    # The mapping with what it leaves unsaid, and the fields at the top of a row that it reads.
    where: Mapping[str, str] = field(init=False, repr=False, compare=False)
    used: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.neutral not in ("positive", "negative"):
            raise ValueError(f"neutral is {self.neutral!r}; it must be 'positive' or 'negative'")
        if self.label_base not in (0, 1):
            raise ValueError(f"label_base is {self.label_base!r}; steps count from 0 or from 1")
        if self.cut not in SPLITTERS:
            raise ValueError(f"cut is {self.cut!r}; it must be one of {', '.join(SPLITTERS)}")
        if self.cut == "marker" and not self.marker:
            raise ValueError("cut is 'marker', which needs the text of the marker")
        unknown = [name for name in self.mapping if name not in GENERAL_FIELDS]
        if unknown:
            known = ", ".join(GENERAL_FIELDS)
            raise ValueError(f"mapping fills {unknown[0]!r}, which is none of {known}")
        where = {**GENERAL_FIELDS, **self.mapping}
        object.__setattr__(self, "where", where)
        object.__setattr__(self, "used", frozenset(p.partition(".")[0] for p in where.values()))


@dataclass(frozen=True, slots=True)
class Format:
    """How one dataset writes its rows.

    `matches` looks at a row's fields alone and claims no other format's rows. `read` gives the
    row's traces, or raises RowError.
    """

    name: str
    title: str
    description: str
    matches: Callable[[Row], bool]
    read: Callable[[Row, ReadOptions], Iterator[TraceRecord]]
