"""The final answer that a trace states."""

import re

from inference.backends.boxes import last_box

# The longest text that is an answer rather than a paragraph about one.
LONGEST = 300

_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
# The mark of GSM8K's solutions.
_HASHES = re.compile(r"####\s*(.+)")
_SAID = re.compile(
    r"(?:final\s+answer|answer|result)\s*+(?:is|:|=|are)\s*+:?\s*+(.+?)(?:[.!][*]*+(?:\s|$)|\n|$)",
    re.IGNORECASE,
)


def extract_answer(step: str) -> str | None:
    """Return the last answer that a step states: boxed, after ####, or after "the answer is"."""
    for find in (last_boxed, _after_hashes, _after_words):
        found = find(step)
        if found and len(found) <= LONGEST:
            return found
    return None


def last_boxed(text: str) -> str | None:
    """Return the content of the last `\\boxed{}` whose braces close; None without one."""
    inside = last_box(text, _BOXED)
    return None if inside is None else inside.strip()


def _after_hashes(text: str) -> str | None:
    found = _HASHES.findall(text)
    return found[-1].strip() if found else None


def _after_words(text: str) -> str | None:
    found = _SAID.findall(text)
    return found[-1].strip().strip("*").strip() if found else None
