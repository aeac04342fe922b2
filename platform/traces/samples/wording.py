"""How steps begin and how an attempt ends, in the words of its voice."""

from collections.abc import Mapping

from traces.samples.dice import Dice
from traces.samples.template import Template
from traces.samples.voices import Voice

# Where a text opens like this, a linking word before it would stumble.
_STANDS_ALONE = (
    *("but ", "now ", "then ", "so ", "let ", "look ", "could ", "suppose ", "this ", "hence "),
    *("finally ", "therefore ", "moving ", "multiplying ", "subtracting ", "adding ", "from "),
    *("and ", "that ", "first ", "also ", "after ", "with ", "here ", "there "),
)


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def prefixes(voice: Voice, count: int, dice: Dice) -> list[str]:
    """What each of `count` steps opens with: a number, a linking word, or nothing."""
    numbering = dice.pick(voice.numberings)
    if numbering:
        return [numbering % (index + 1) for index in range(count)]
    if count > 8:  # linking words tire the reader of a long solution
        return [""] * count
    found = [dice.pick(voice.firsts)]
    for _ in range(count - 1):
        link = dice.pick(voice.nexts)
        found.append(link if link != found[-1] else "")
    return found


def written(prefix: str, text: str) -> str:
    """A step with its opening: upper case after a number, lower case after a linking word."""
    if prefix.endswith((". ", ": ", "** ")):
        return capital(prefix) + capital(text)
    if text.startswith(_STANDS_ALONE):
        return capital(text)
    return capital(prefix + text)


def closing(
    template: Template, voice: Voice, notation: str, shown: Mapping[str, str], dice: Dice
) -> str:
    """The last step: the conclusion and the answer as the voice says them."""
    concludes = dice.pick(template.concludes).forms[notation] % shown
    endings = voice.typeset_closings if template.typeset else voice.closings
    gaps = {"concludes": concludes, "answer": shown["answer"]}
    return capital(dice.pick(endings).forms[notation] % gaps)
