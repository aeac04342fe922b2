"""Is a response's final answer the right one?"""

import re
from collections.abc import Callable

Checker = Callable[[str, str], bool]

_STATED = re.compile(r"answer\s*(?:is|:|=)\s*\$?([^\n]+)", re.IGNORECASE)


def final_answer(text: str) -> str:
    """What a response gives as its answer: the last box, else what "the answer is" says, else what
    follows the last equals sign of the last line, else that line."""
    if boxed := _last_box(text):
        return boxed
    if stated := _STATED.findall(text):
        return _bare(stated[-1])
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return _bare(lines[-1].rpartition("=")[2]) if lines else ""


def exact(response: str, answer: str) -> bool:
    """The same characters, spaces and a final full stop aside."""
    return bool(answer.strip()) and final_answer(response) == _bare(answer)


def mathematical(response: str, answer: str) -> bool:
    """The same value, as the scorer final-answer compares: 1/2, 0.5 and \\frac12 are one answer.
    Nothing that a policy may write holds it up."""
    from inference.backends.final_answer.equivalence import same_answer  # sympy takes a second

    given = final_answer(response)
    return bool(given and answer.strip()) and same_answer(given, answer)


CHECKERS: dict[str, Checker] = {"exact": exact, "math": mathematical}


def _last_box(text: str) -> str:
    """The contents of the last \\boxed{...}, braces within counted."""
    start = text.rfind("\\boxed{")
    if start < 0:
        return ""
    depth, begin = 1, start + len("\\boxed{")
    for place in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[begin:place].strip()
    return ""


def _bare(answer: str) -> str:
    return answer.strip().rstrip(".").strip(" $")
