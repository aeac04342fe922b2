"""Confidence in a word from the log-probabilities of its tokens."""

import math

import pytest

from inference.backends.chat.replies import Choice, Token
from inference.backends.chat.word_confidence import word_confidence


def choice(*tokens: tuple[str, dict[str, float]]) -> Choice:
    return Choice(
        text="",
        finish_reason="stop",
        tokens=tuple(
            Token(text, tuple((word, math.log(p)) for word, p in likeliest.items()))
            for text, likeliest in tokens
        ),
    )


def test_two_words_share_the_probability():
    said = choice(("It is ", {}), ("yes", {"yes": 0.6, "no": 0.2, "maybe": 0.2}))
    assert word_confidence(said, 6, right="yes", wrong="no") == pytest.approx(0.75)


def test_parts_of_words_and_what_comes_before_count():
    said = choice(("{Y", {"{Y": 0.3, "{No": 0.1, "x": 0.6}), ("es", {}))
    assert word_confidence(said, 1, right="yes", wrong="no") == pytest.approx(0.75)


def test_without_either_word_there_is_none():
    said = choice(("maybe", {"maybe": 1.0}))
    assert word_confidence(said, 0, right="yes", wrong="no") is None
    assert word_confidence(said, 99, right="yes", wrong="no") is None
