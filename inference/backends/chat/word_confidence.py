"""A model's confidence in a word that it wrote, from the log-probabilities of its tokens."""

import math
from collections.abc import Iterable

from inference.backends.chat.replies import Choice


def word_confidence(choice: Choice, place: int, *, right: str, wrong: str) -> float | None:
    """Return the probability of `right` against `wrong` at a place of the text, 0 to 1.

    `place` is a character of the choice's joined tokens. None if neither word begins there.
    """
    before, likeliest = _token_at(choice, place)
    words = [
        (token[len(before) :].strip().lower(), math.exp(logprob))
        for token, logprob in likeliest
        if token.startswith(before)
    ]
    for_right, for_wrong = _probability_of(words, right), _probability_of(words, wrong)
    both = for_right + for_wrong
    return for_right / both if both > 0 else None


def _token_at(choice: Choice, place: int) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Return the text of the token at `place` before that place, and the likeliest tokens there."""
    start = 0
    for token in choice.tokens:
        end = start + len(token.text)
        if start <= place < end:
            return token.text[: place - start], token.likeliest
        start = end
    return "", ()


def _probability_of(words: Iterable[tuple[str, float]], word: str) -> float:
    """Return the probability of the tokens that begin the word, or begin with it."""
    return sum(p for text, p in words if text and (word.startswith(text) or text.startswith(word)))
