"""What a person has said of a trace so far: the fields of the review page as plain words.

It is kept as they typed it, right or wrong, so that a draft loses nothing: `forms` judges it when
it is submitted. Step indices are 0-based and -1 is no error, as text.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import QueryDict

from traces.models import Verdict

RATING = "rating-"
LONGEST_TEXT = 100_000
_LONGEST_WORD = 100
_WORDS = ["earliest_error", "error_type", "severity", "seconds_spent"]
_TEXTS = ["correction", "note"]


@dataclass(frozen=True, slots=True)
class Said:
    earliest_error: str = ""
    error_type: str = ""
    severity: str = ""
    correction: str = ""
    note: str = ""
    seconds_spent: str = ""
    ratings: dict[str, str] = field(default_factory=dict)  # step index to -1, 0 or 1
    self_corrected: list[str] = field(default_factory=list)

    def as_content(self) -> dict[str, Any]:
        """For a draft's row."""
        return asdict(self)

    @property
    def chosen(self) -> int | None:
        """The step named as the first wrong one, -1 for none, null while nothing usable is said."""
        try:
            return int(self.earliest_error)
        except ValueError:
            return None


def sent(data: QueryDict) -> Said:
    """What a form of the page says."""
    return Said(
        **{name: _text(data.get(name, ""))[:_LONGEST_WORD] for name in _WORDS},
        **{name: _text(data.get(name, "")) for name in _TEXTS},
        ratings={
            name.removeprefix(RATING): value[:_LONGEST_WORD]
            for name, value in data.items()
            if name.startswith(RATING) and isinstance(value, str) and value
        },
        self_corrected=[value[:_LONGEST_WORD] for value in data.getlist("self_corrected")],
    )


def drafted(content: Mapping[str, Any]) -> Said:
    """What a draft kept."""
    known = {name: content[name] for name in Said.__dataclass_fields__ if name in content}
    return Said(**known)


def decided(verdict: Verdict) -> Said:
    """What a verdict of the person says."""
    labels = verdict.step_labels or []
    return Said(
        earliest_error="" if verdict.earliest_error is None else str(verdict.earliest_error),
        error_type=verdict.error_type,
        severity=verdict.severity,
        correction=verdict.correction,
        note=verdict.explanation,
        ratings={str(i): str(label) for i, label in enumerate(labels) if label is not None},
        self_corrected=[str(index) for index in verdict.self_corrected or []],
    )


def _text(value: Any) -> str:
    """With the line ends of the traces, and without NUL, which no text field can hold."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text[:LONGEST_TEXT]
