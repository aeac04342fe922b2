from itertools import pairwise

import pytest

from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.families.algebra import LINEAR
from traces.samples.families.arithmetic import BAKERY
from traces.samples.voices import VOICES
from traces.samples.wording import capital, closing, prefixes, written


def test_only_the_first_letter_is_raised():
    assert capital("the sum of A and b") == "The sum of A and b"


@pytest.mark.parametrize(
    ("prefix", "text", "step"),
    [
        ("", "we add.", "We add."),
        ("Step 2: ", "we add.", "Step 2: We add."),
        ("**Step 2.** ", "we add.", "**Step 2.** We add."),
        ("next, ", "we add.", "Next, we add."),
        ("next, ", "then we add.", "Then we add."),
        ("first, ", "so the rest is 3.", "So the rest is 3."),
    ],
)
def test_a_step_is_written_with_its_opening(prefix, text, step):
    assert written(prefix, text) == step


def test_openings_are_numbers_words_or_nothing():
    dice = Dice(1)
    for voice in VOICES.values():
        for _ in range(40):
            openings = prefixes(voice, 4, dice)
            assert len(openings) == 4
            if openings[1][:1].isdigit() or "Step" in openings[1]:
                assert ["3" in openings[2], "4" in openings[3]] == [True, True]
            else:
                assert openings[0] in voice.firsts
                assert all(a != b for a, b in pairwise(openings[1:]) if a)
        assert set(prefixes(VOICES["sample-chatty"], 9, dice)) == {""}


def test_the_closing_has_the_answer_in_the_style_of_the_voice():
    dice = Dice(2)
    problem = DrawnProblem(BAKERY, dice)
    for voice in VOICES.values():
        text = closing(BAKERY, voice, "plain", problem.shown, dice)
        assert problem.answer in text and not text[0].islower()
    typeset = DrawnProblem(LINEAR, dice)
    text = closing(LINEAR, VOICES["sample-hasty"], "dollar", typeset.shown, dice)
    assert f"\\boxed{{{typeset.answer}}}" in text
