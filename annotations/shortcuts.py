"""The keyboard shortcuts of the review page: its help lists them, and error types avoid them.

A key acts through the element that has it as `data-key`; this table only describes it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """Keys with one meaning."""

    keys: tuple[str, ...]
    meaning: str


MOVING = [
    Key(("j", "k"), "next or previous step (also arrow keys)"),
    Key(("]", "["), "next or previous low-score step, when model verdicts are shown"),
]
FIRST_ERROR = [
    Key(("e",), "mark this step as the first wrong one"),
    Key(("0",), "no error in any step"),
]
EVERY_STEP = [
    Key(("1", "2", "3"), "rate this step wrong, neutral or right and go to the next"),
    Key(("4",), "wrong here, corrected in a later step"),
    Key(("e",), "mark this step as the first wrong one and rate the steps before it right"),
    Key(("0",), "no error: rate all unrated steps right"),
]
WRITING = [
    Key(("c",), "correct the wrong step"),
    Key(("n",), "add a note to your verdict"),
    Key(("f",), "comment on this step for the lead"),
    Key(("v",), "set the severity, if the queue asks for it"),
    Key(("u", "U"), "undo or redo; on an untouched trace, return to the previous trace"),
]
LOOKING = [
    Key(("m",), "reveal, show or hide model verdicts"),
    Key(("h",), "show the reference solution"),
    Key(("w",), "show the guidelines"),
    Key(("y",), "open your reviews"),
    Key(("?",), "show these shortcuts"),
]
ENDING = [
    Key(("Enter",), "submit and go to the next trace (Ctrl Enter while writing)"),
    Key(("s",), "skip this trace"),
    Key(("p",), "postpone: you'll see it again later"),
    Key(("d",), "unsure: you can't decide"),
    Key(("g",), "too hard: you tried and couldn't solve it"),
    Key(("b",), "report a bad problem"),
    Key(("Esc",), "leave a text field or close a panel"),
]

# Keys that no error type of a queue may have.
RESERVED = frozenset(
    key
    for group in (MOVING, FIRST_ERROR, EVERY_STEP, WRITING, LOOKING, ENDING)
    for entry in group
    for key in entry.keys
)
