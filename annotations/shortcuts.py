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
    Key(("j", "k"), "next, previous step (arrow keys too)"),
    Key(("]", "["), "next, previous step that a model doubts, where models are shown"),
]
FIRST_ERROR = [
    Key(("e",), "the first error is in this step"),
    Key(("0",), "no error in any step"),
]
EVERY_STEP = [
    Key(("1", "2", "3"), "this step is wrong, neutral, right; and on to the next"),
    Key(("4",), "wrong here, and put right in a later step"),
    Key(("e",), "the first error is in this step: it is wrong, and those before it are right"),
    Key(("0",), "no error: every step not rated yet is right"),
]
WRITING = [
    Key(("c",), "write how the wrong step should read"),
    Key(("n",), "write a note on your verdict"),
    Key(("f",), "tell the lead something about this step"),
    Key(("v",), "how severe the error is, where the queue asks"),
    Key(("u", "U"), "undo, redo: any number of times; on an untouched trace, back to the last one"),
]
LOOKING = [
    Key(("m",), "what models said: reveal it, then show or hide it"),
    Key(("h",), "the reference solution"),
    Key(("w",), "the guidelines of the queue"),
    Key(("y",), "your own reviews"),
    Key(("?",), "these keys"),
]
ENDING = [
    Key(("Enter",), "submit, and on to the next; while writing, Ctrl Enter"),
    Key(("s",), "skip: not for you"),
    Key(("p",), "postpone: it comes back to you"),
    Key(("d",), "you don't know: unsure"),
    Key(("g",), "give up: you tried, and it is too hard"),
    Key(("b",), "the problem itself is bad"),
    Key(("Esc",), "leave a text field, close what is open"),
]

# Keys that no error type of a queue may have.
RESERVED = frozenset(
    key
    for group in (MOVING, FIRST_ERROR, EVERY_STEP, WRITING, LOOKING, ENDING)
    for entry in group
    for key in entry.keys
)
