"""Compare a response's final answer with the reference answer."""

import re
from collections.abc import Callable

Checker = Callable[[str, str], bool]

_STATED = re.compile(r"answer\s*(?:is|:|=)\s*\$?([^\n]+)", re.IGNORECASE)


def extract_answer(text: str) -> str:
    """Return the final answer of a response, "" if it has none.

    This is the last box, otherwise the text after "the answer is", otherwise the text after the
    last equals sign of the last line, otherwise the last line.
    """
    if boxed := _last_box(text):
        return boxed
    if stated := _STATED.findall(text):
        return _strip_punctuation(stated[-1])
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return _strip_punctuation(lines[-1].rpartition("=")[2]) if lines else ""


def is_same_text(response: str, answer: str) -> bool:
    """Return whether the answers are the same text, except for spaces and a final full stop."""
    return bool(answer.strip()) and extract_answer(response) == _strip_punctuation(answer)


def is_same_value(response: str, answer: str) -> bool:
    """Return whether the answers have the same value, as the scorer final-answer compares them.

    1/2, 0.5 and \\frac12 are the same. No response of a policy can stall the comparison.
    """
    from inference.backends.final_answer.equivalence import same_answer  # sympy takes a second

    given = extract_answer(response)
    return bool(given and answer.strip()) and same_answer(given, answer)


CHECKERS: dict[str, Checker] = {"exact": is_same_text, "math": is_same_value}


def _last_box(text: str) -> str:
    """Return the contents of the last \\boxed{...} with balanced braces, "" without one."""
    start = text.rfind("\\boxed{")
    if start < 0:
        return ""
    depth, begin = 1, start + len("\\boxed{")
    for index in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return text[begin:index].strip()
    return ""


def _strip_punctuation(answer: str) -> str:
    return answer.strip().rstrip(".").strip(" $")
