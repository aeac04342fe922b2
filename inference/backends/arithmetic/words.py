"""The meaning of words next to a calculation: a unit, an operator, or a change of sense.

Readings of a run of words are cached, since the same few runs come again and again.
"""

import re
from dataclasses import dataclass
from functools import lru_cache


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list written as text."""
    return frozenset(text.split())


RELATIONS = {
    "is": "=",
    "equals": "=",
    "gives": "=",
    "gives us": "=",
    "makes": "=",
    "is equal to": "=",
    "is exactly": "=",
    "is approximately": "≈",
    "is about": "≈",
    "is roughly": "≈",
    "is around": "≈",
    "is almost": "≈",
    "is nearly": "≈",
    "equals approximately": "≈",
    "equals about": "≈",
    "is approximately equal to": "≈",
}
OPERATORS = {
    "times": "*",
    "x": "*",
    "multiplied by": "*",
    "plus": "+",
    "minus": "-",
    "divided by": "/",
    "of": "of",
    "of the": "of",
}
APPROXIMATELY = frozenset(["approximately", "about", "roughly", "around", "nearly", "almost"])

# Before a calculation these say that it started earlier, or that more is done with it.
REACHING_AHEAD = word_set(
    """
    than of times twice thrice half double triple quadruple plus minus over by per every squared
    cubed divided multiplied subtracted added mod modulo base root log ln lg sin cos tan cot sec csc
    gcd lcm max min exp choose negative remainder and or to from between except without through
    until one
    two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred
    thousand million billion dozen third quarter thirds quarters fourth fifth sixth percent degrees
    not non difference sum product quotient ratio more less fewer above below adding subtracting
    multiplying dividing dividend divisor figure table page chapter equation version digits digit
    code number numbers sequence point minus negative increased decreased reduced raised
    """
)
# Before a calculation whose result is given in words, as in 'so 3 * 4 is 12'.
INTRODUCING = word_set(
    "so then thus therefore hence now since because that know have get see say and also"
)
# After a number these make it another number, or only a part of what is meant.
CHANGING = word_set(
    """
    times plus minus remainder remainders mod modulo base percent percentage dozen dozens hundred
    hundreds thousand thousands million millions billion billions trillion half halves third thirds
    quarter quarters fourth fourths fifth fifths sixth sixths seventh eighth eighths ninth tenth
    tenths hundredths thousandths squared cubed more less fewer than over point factorial divided
    multiplied r to or degrees score gross pairs tens ones fold mixed with plus minus if unless
    pm am bc ad nd rd th st greater smaller larger bigger higher lower longer shorter older younger
    cdot frac dfrac sqrt
    """
)
CHANGING_LATER = word_set(
    """
    remainder remainders mod modulo more less fewer times greater smaller larger bigger higher lower
    longer shorter older younger
    """
)
# Units that may touch their number. Bare single letters are variables.
GLUED_UNITS = word_set(
    """
    cm mm km kg mg ml mL lb lbs ft in oz hr hrs min mins sec secs mph kph mi yd yds gal dollars
    cents USD hours minutes seconds days weeks years meters metres miles feet inches kWh ms
    """
)
SHORT_WORDS = word_set(
    "is so be as we it he at on do us an my me up go in cm mm km kg mg ml lb ft oz hr mi yd"
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """A run of words between or after numbers.

    `relation` and `operator` are what the run ends in, if anything; `unit` is what is left before
    that, and `plain` says that it can be taken for a unit or a remark that changes no number.
    """

    first: str
    last: str
    unit: str
    plain: bool
    relation: str = ""
    operator: str = ""
    percent: bool = False


@lru_cache(maxsize=8192)
def read_words(text: str) -> Reading:
    """Return the meaning of a run of words after a number."""
    words = WORD.findall(text)
    if not words:
        return Reading("", "", text, False)
    first, last = words[0], words[-1]
    percent = first.lower() == "percent"
    if percent:
        words = words[1:]
    relation, words = _ending(words, RELATIONS)
    operator = ""
    if not relation:
        operator, words = _ending(words, OPERATORS)
    plain = len(words) <= 5 and all(_is_plain(word) for word in words)
    if words and words[0].lower() == "of":
        plain = False
    return Reading(first, last, " ".join(words).lower(), plain, relation, operator, percent)


def _ending(words: list[str], table: dict[str, str]) -> tuple[str, list[str]]:
    """Return the longest entry of the table at the end of the words, and the words before it."""
    for length in (4, 3, 2, 1):
        if length <= len(words):
            found = table.get(" ".join(words[-length:]).lower())
            if found:
                return found, words[:-length]
    return "", words


def _is_plain(word: str) -> bool:
    lowered = word.lower()
    if lowered in CHANGING or lowered in ("and", "is", "are"):
        return False
    return len(word) > 2 or lowered in SHORT_WORDS or lowered in ("a", "of", "an")


def may_precede(text: str) -> bool:
    """Return whether a calculation may begin right after these words."""
    last = text.rsplit(" ", 1)[-1].rsplit("'", 1)[-1]
    lowered = last.lower()
    if lowered in REACHING_AHEAD:
        return False
    return len(last) > 2 or lowered in SHORT_WORDS


def may_follow(text: str) -> bool:
    """Return whether a result followed by these words may still be the whole result."""
    words = WORD.findall(text)
    head = [word.lower() for word in words[:3]]
    if len(words[0]) == 1 and words[0] not in ("a", "A", "I"):
        return False
    if head[0] == "and":
        return head[1:2] not in (["a"], ["one"], ["two"], ["three"], ["half"])
    return head[0] not in CHANGING and not any(word in CHANGING_LATER for word in head)


def may_introduce(text: str, opens: bool) -> bool:
    """Return whether a calculation right after these words is the subject of its clause.

    `opens` says that the words begin the clause, so that an 'and' joins clauses and not numbers.
    """
    last = text.rsplit(" ", 1)[-1].lower()
    if last == "and":
        return opens and text.count(" ") < 2
    return last in INTRODUCING
