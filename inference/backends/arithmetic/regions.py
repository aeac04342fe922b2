"""Stretches of a step that may state a calculation, so that the rest need not be tokenized.

The characters around every relation decide: a number must begin on its right, a digit must be
before it, and one of its sides must have something to work out.
"""

import re
from collections.abc import Iterator

RELATION = re.compile(
    r"(?:==?|≈|≃|≅|\\(?:approx|simeq|doteq)\b|\b(?:is|equals|gives|makes)\b)"
    r"(?=(?:[\s$&*~({\[+−–£€₹¥-]|\\[(\[,;!:$\\]|\\(?:left|boxed|quad|text\{[^{}]{0,20}\})"
    r"|<<|(?:exactly|approximately|about|roughly|around|nearly|almost|equal|to|us)\b){0,16}"
    r"(?:[.]?\d|\\(?:[dtc]?frac|sqrt|[dt]?binom|pi|pounds|euro)|[√π]))"
)
ENDING = re.compile(
    r"(?:[\d)\]}%!π²³°¢€]|[^\W\d_]{2})[\s$&*]*(?:\\[)\],;!\\]\s*)?(?:\\\[|\\\(|[\s$&])*$"
)
DIGIT = re.compile(r"\d")
WORK = re.compile(
    r"[-+*/×÷·⋅∙∗−–∕⁄^!√²³]|\\(?:[dtc]?frac|times|cdot|div|sqrt|[dt]?binom|ast|pi)|π"
    r"|[\d\s][xX][\d\s$]|%|\b(?:times|plus|minus|divided|multiplied|of)\b|\)\s*\("
)
REACH = 400


def regions_of(step: str) -> Iterator[tuple[int, int]]:
    """Yield stretches (start, stop) of a step that hold whole sentences or lines worth reading."""
    start, stop, work = -1, -1, -1
    for match in RELATION.finditer(step):
        if match.end() <= stop and stop < len(step):
            continue
        if not ENDING.search(step, max(0, match.start() - 16), match.start()):
            continue
        left, right = _bounds(step, match.start(), match.end())
        if work < left:
            work = _next_work(step, left)
        if work >= right or not DIGIT.search(step, left, match.start()):
            continue
        if left < stop:
            stop = right
            continue
        if stop > 0:
            yield start, stop
        start, stop = left, right
    if stop > 0:
        yield start, stop


def _next_work(step: str, index: int) -> int:
    """Return the index of the next operator; the caller keeps it, so no stretch is read twice."""
    found = WORK.search(step, index)
    return found.start() if found else len(step)


def _bounds(step: str, start: int, stop: int) -> tuple[int, int]:
    """Return the bounds of the sentence or line around a relation.

    The sentence before belongs to it if the relation begins its own.
    """
    left = _sentence_start(step, start)
    if not DIGIT.search(step, left, start):
        left = _sentence_start(step, max(0, left - 1))
    ends = (step.find(". ", stop, stop + REACH), step.find("\n", stop, stop + REACH))
    found = [end for end in ends if end >= 0]
    return left, min(found) + 1 if found else min(len(step), stop + REACH)


def _sentence_start(step: str, index: int) -> int:
    low = max(0, index - REACH)
    return max(step.rfind(". ", low, index), step.rfind("\n", low, index), low - 1) + 1
