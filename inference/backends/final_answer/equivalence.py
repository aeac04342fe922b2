"""Equality of two answers, by their text or by their mathematics."""

import re
import threading
from fractions import Fraction
from functools import lru_cache

from math_verify import parse, verify

# A hostile answer, such as a tower of powers, must not hold a worker.
SECONDS = 3
LONGEST = 300

_NOISE = re.compile(r"\\(?:left|right|displaystyle|text|mathrm|,|!|;|quad)|[\s$]")
# A tower of powers is worked out as it is read, before any time limit can help.
_TOWER = re.compile(
    r"(?:\^|\*\*)\s*\{?\s*\(?-?\d{4,}|(?:\^|\*\*)[^+\-=,;]{1,20}(?:\^|\*\*)|\d{4,}\s*!"
)


# "12 dollars", "about 3.5 hours": a number with the unit that the reference leaves out.
_MEASURED = re.compile(r"\D{0,12}?(-?\d[\d,]*(?:\.\d+)?(?:/\d+)?)\s*%?\s*([A-Za-z]+)[A-Za-z. ]*")
# Words that are no unit but part of the number, unless the problem asks in millions.
_SCALES = {
    "dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9,
    "trillion": 10**12,
}  # fmt: skip
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:/\d+)?")
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")


def same_answer(answer: str, reference: str) -> bool:
    """Return whether two answers are equal: 1/2 and 0.5, x=3 and 3, (1,2) and ( 1, 2 )."""
    if normalize(answer) == normalize(reference):
        return True
    if max(len(answer), len(reference)) > LONGEST:
        return False
    if _NUMBER.fullmatch(reference.strip()) and (measured := _MEASURED.fullmatch(answer.strip())):
        answer = measured[1]
        written_out = _written_out(measured)
        if written_out is not None and written_out == _value(reference):
            return True
    if is_prose(answer) or is_prose(reference):
        return False
    if _is_costly(answer) or _is_costly(reference):
        return False
    limit = SECONDS if threading.current_thread() is threading.main_thread() else None
    gold = _parsed(reference, limit)
    said = _parsed(answer, limit)
    return bool(gold and said and verify(list(gold), list(said), timeout_seconds=limit))


def _written_out(measured: re.Match[str]) -> Fraction | None:
    """Return 5 million as 5000000; None if no such word follows the number."""
    scale = _SCALES.get(measured[2].casefold())
    value = _value(measured[1])
    return None if scale is None or value is None else value * scale


def _value(number: str) -> Fraction | None:
    above, _, below = number.strip().replace(",", "").partition("/")
    divisor = int(below or 1)
    return Fraction(above) / divisor if divisor else None


def is_prose(text: str) -> bool:
    """Return whether a text is words: read as mathematics, they would be a product of letters."""
    return len(_WORD.findall(text)) > 1


def normalize(text: str) -> str:
    """Return the text without spaces, dollars, a full stop and capitals."""
    return _NOISE.sub("", text).strip(".").casefold().replace("{", "").replace("}", "")


@lru_cache(maxsize=4_096)
def _parsed(text: str, limit: int | None) -> tuple[object, ...]:
    """Return math-verify's reading; a text that is no mathematics is returned as itself."""
    return tuple(parse(f"${text.strip().strip('$')}$", parsing_timeout=limit))


def _is_costly(text: str) -> bool:
    return bool(_TOWER.search(text))
