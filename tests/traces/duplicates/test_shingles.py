"""Shingles and bands against the definition, and against what they promise to find."""

import random

import pytest

from traces.duplicates.shingles import ALIKE, BANDS, bands, numbers, shingles, similarity


def altered(words: list[str], changes: int, dice: random.Random) -> str:
    copy = list(words)
    for place in dice.sample(range(len(copy)), changes):
        copy[place] = f"other{dice.randrange(10**6)}"
    return " ".join(copy)


def test_shingles_are_runs_of_three_words_without_case_and_spaces():
    assert shingles("Two  plus two\nIS four") == {"two plus two", "plus two is", "two is four"}


def test_a_short_text_is_one_shingle():
    assert shingles("Why?") == {"why ?"}
    assert shingles("") == {""}


def test_similarity_is_the_share_of_common_shingles():
    assert similarity(frozenset("abc"), frozenset("bcd")) == pytest.approx(2 / 4)
    assert similarity(frozenset("ab"), frozenset("ab")) == 1


def test_bands_do_not_depend_on_the_order_of_a_set():
    found = shingles("a b c d e f g")
    assert bands(found) == bands(frozenset(sorted(found)))
    assert len(bands(found)) == BANDS


def test_alike_texts_share_a_band_and_strangers_do_not():
    dice = random.Random(7)
    missed = false_alarms = alike = 0
    for _ in range(300):
        words = [f"w{dice.randrange(10**6)}" for _ in range(60)]
        first = shingles(" ".join(words))
        near = shingles(altered(words, dice.randrange(1, 4), dice))
        stranger = shingles(altered(words, 50, dice))
        if similarity(first, near) >= ALIKE:
            alike += 1
            missed += not set(bands(first)) & set(bands(near))
        false_alarms += bool(set(bands(first)) & set(bands(stranger)))
    assert alike > 200
    assert missed <= alike * 0.02
    assert false_alarms == 0


def test_numbers_keep_their_order_and_separators():
    assert numbers("Buy 3 at 2.50, of 1,000") == ["3", "2.50", "1,000"]
