"""Rows without a fixed format: ReadOptions.mapping names the field of each part of a record.

A name with dots leads into nested objects and lists ("response.choices.0.text"). Steps are a list
of texts, such a list as a JSON text (a cell of CSV), or one text that ReadOptions.cut splits. A
label is a step's number counted from ReadOptions.label_base, -1 for no error; without a label the
first step labelled wrong is used. Fields that are not mapped stay in the metadata.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from traces.formats import misstep, processbench
from traces.formats.contract import Format, ReadOptions, Row
from traces.formats.fields import (
    answer_text,
    check_label,
    check_steps,
    check_text,
    first_wrong,
    has_texts,
    other_fields,
    type_name,
)
from traces.records import LabelRecord, RowError, TraceRecord
from traces.segmentation.split import split_steps

_NO_LABEL = ("", "N/A", "null", "None")
_TRUE = (True, 1, "true", "True", "TRUE", "1")
_FALSE = (False, 0, "false", "False", "FALSE", "0")
_STEP_LABELS = (1, 0, -1, None)


def matches(row: Row) -> bool:
    if not has_texts(row, "problem") or processbench.matches(row) or misstep.matches(row):
        return False
    return isinstance(row.get("steps"), list | str) or has_texts(row, "text")


def read(row: Row, options: ReadOptions) -> Iterator[TraceRecord]:
    fields = _Fields(row, options)
    steps = fields.steps()
    yield TraceRecord(
        problem=fields.required_text("problem"),
        steps=steps,
        generator=fields.optional("generator") or "",
        generator_revision=fields.optional("generator_revision") or "",
        id=fields.optional("id") or "",
        subset=fields.optional("subset") or "",
        reference_answer=fields.optional("reference_answer"),
        reference_solution=fields.optional("reference_solution"),
        final_answer=fields.optional("final_answer"),
        final_answer_correct=fields.truth("final_answer_correct"),
        label=fields.label(len(steps)),
        metadata=fields.others(),
    )


class _Fields:
    """A row read through the mapping. `name` is a part of the record, `where[name]` its field."""

    __slots__ = ("options", "row", "where")

    def __init__(self, row: Row, options: ReadOptions) -> None:
        self.row = row
        self.options = options
        self.where = options.where

    def get(self, name: str) -> Any:
        path = self.where[name]
        value: Any = self.row.get(path)
        if value is not None or "." not in path:
            return value
        value = self.row
        for part in path.split("."):
            if type(value) is dict:
                value = value.get(part)
            elif type(value) is list and part.isdecimal() and int(part[:9]) < len(value):
                value = value[int(part[:9])]
            else:
                return None
        return value

    def required_text(self, name: str) -> str:
        value, field = self.get(name), self.where[name]
        if value is None:
            raise RowError(field, f"is missing, and must hold the {name}")
        if not check_text(value, field) or value.isspace():
            raise RowError(field, "is empty, and must say something")
        return str(value)

    def optional(self, name: str) -> str | None:
        value = self.get(name)
        return None if value is None or value == "" else answer_text(value, self.where[name])

    def truth(self, name: str) -> bool | None:
        value = self.get(name)
        if value is None or value == "":
            return None
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise RowError(self.where[name], f"must be true or false, and is {type_name(value)}")

    def steps(self) -> list[str]:
        mapped = self.options.mapping
        as_text = "text" in mapped or ("steps" not in mapped and not self.get("steps"))
        name = "text" if as_text else "steps"
        value, field = self.get(name), self.where[name]
        if value is None:
            wanted = f"{self.where['steps']} or {self.where['text']}"
            raise RowError(field, f"is missing; the steps are looked for in {wanted}")
        if type(value) is str and value.startswith("[") and name == "steps":
            value = _parse_list(value)
        if type(value) is str:
            value = split_steps(check_text(value, field), self.options.cut, self.options.marker)
        return check_steps(value, field)

    def label(self, count: int) -> LabelRecord | None:
        """Return the label, or None if the row has no label of any kind."""
        value = self.get("label")
        step_labels = self._step_labels(count)
        scores = self._scores(count)
        if (value is None or value in _NO_LABEL) and step_labels is None and scores is None:
            return None
        earliest = None if step_labels is None else first_wrong(step_labels)
        if value is not None and value not in _NO_LABEL:
            base = self.options.label_base
            earliest = check_label(_as_integer(value), count, self.where["label"], base=base)
        return LabelRecord(
            earliest,
            step_labels=step_labels,
            scores=scores,
            error_type=self.optional("error_type") or "",
            explanation=self.optional("explanation") or "",
            correction=self.optional("correction") or "",
        )

    def _step_labels(self, count: int) -> list[int | None] | None:
        values = self._one_a_step("step_labels", count)
        for index, value in enumerate(values or []):
            if not (value is None or type(value) in (bool, int)) or value not in _STEP_LABELS:
                field = f"{self.where['step_labels']}[{index}]"
                raise RowError(field, "must be 1, 0, -1, true, false or null")
        if values is None:
            return None
        return [_step_label(value) for value in values]

    def _scores(self, count: int) -> list[float] | None:
        values = self._one_a_step("scores", count)
        for index, value in enumerate(values or []):
            if type(value) not in (int, float):
                field = f"{self.where['scores']}[{index}]"
                raise RowError(field, f"must be a number, and is {type_name(value)}")
        return None if values is None else [float(value) for value in values]

    def _one_a_step(self, name: str, count: int) -> list[Any] | None:
        value, field = self.get(name), self.where[name]
        if value is None or value == "":
            return None
        if type(value) is str:
            value = _parse_list(value)
        if type(value) is not list:
            raise RowError(field, f"must be a list, an entry a step, and is {type_name(value)}")
        if len(value) != count:
            raise RowError(field, f"has {len(value)} entries for {count} steps")
        return value

    def others(self) -> Row:
        return other_fields(self.row, self.options.used)


def _parse_list(cell: str) -> Any:
    """Return the list that the text spells in JSON, or the text itself."""
    try:
        value = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell
    return value if isinstance(value, list) else cell


def _step_label(value: bool | int | None) -> int | None:
    return -1 if value is False else value if value is None else int(value)


def _as_integer(value: Any) -> Any:
    """Return a label from a text cell, or from a column of floats because of nulls, as int."""
    if type(value) is str and value.strip().lstrip("-").isdecimal():
        return int(value.strip()[:12])
    if type(value) is float and value.is_integer():
        return int(value)
    return value


FORMAT = Format(
    name="general",
    title="General",
    description="Any rows: map the fields of the problem, the steps and the label.",
    matches=matches,
    read=read,
)
