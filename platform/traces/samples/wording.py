"""The openings of steps and the closing of an attempt, in the style of its voice."""

from collections.abc import Mapping

from traces.samples.dice import Dice
from traces.samples.template import Template
from traces.samples.voices import Voice

# A text that opens like this reads badly after a linking word.
_NO_LINK_BEFORE = (
    *("but ", "now ", "then ", "so ", "let ", "look ", "could ", "suppose ", "this ", "hence "),
    *("finally ", "therefore ", "moving ", "multiplying ", "subtracting ", "adding ", "from "),
    *("and ", "that ", "first ", "also ", "after ", "with ", "here ", "there "),
)


def capital(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[0].upper() + text[1:]


def prefixes(voice: Voice, count: int, dice: Dice) -> list[str]:
    """Return the openings of `count` steps: a number, a linking word, or nothing."""
    numbering = dice.pick(voice.numberings)
    if numbering:
        return [numbering % (index + 1) for index in range(count)]
    if count > 8:  # linking words tire the reader of a long solution
        return [""] * count
    openings = [dice.pick(voice.firsts)]
    for _ in range(count - 1):
        link = dice.pick(voice.nexts)
        openings.append(link if link != openings[-1] else "")
    return openings


def written(prefix: str, text: str) -> str:
    """Return the step with its opening and the upper or lower case that the opening asks for."""
    if prefix.endswith((". ", ": ", "** ")):
        return capital(prefix) + capital(text)
    if text.startswith(_NO_LINK_BEFORE):
        return capital(text)
    return capital(prefix + text)


def closing(
    template: Template, voice: Voice, notation: str, shown: Mapping[str, str], dice: Dice
) -> str:
    """Return the last step: the conclusion and the answer in the voice's style."""
    concludes = dice.pick(template.concludes).forms[notation] % shown
    endings = voice.typeset_closings if template.typeset else voice.closings
    gaps = {"concludes": concludes, "answer": shown["answer"]}
    return capital(dice.pick(endings).forms[notation] % gaps)
