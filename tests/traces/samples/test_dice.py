from collections import Counter

from traces.samples.cast import PEOPLE
from traces.samples.dice import Dice


def test_the_same_seed_gives_the_same_draws():
    first, second = Dice(3), Dice(3)
    assert [first.between(1, 9) for _ in range(20)] == [second.between(1, 9) for _ in range(20)]


def test_every_number_of_a_range_is_drawn_about_equally_often():
    dice = Dice(1)
    counts = Counter(dice.between(2, 5) for _ in range(4000))
    assert set(counts) == {2, 3, 4, 5}
    assert min(counts.values()) > 850


def test_every_option_is_picked():
    dice = Dice(2)
    assert {dice.pick("abc") for _ in range(60)} == set("abc")


def test_chances_come_out_as_often_as_they_should():
    dice = Dice(4)
    assert 180 < sum(dice.chance(0.2) for _ in range(1000)) < 225
    assert not any(dice.chance(0) for _ in range(100))


def test_several_options_are_all_different():
    dice = Dice(5)
    options = list(range(6))
    for _ in range(50):
        drawn = dice.several(options, 4)
        assert len(set(drawn)) == 4
    assert options == list(range(6))
    assert sorted(dice.several(options, 6)) == options


def test_people_have_different_names_and_their_own_pronouns():
    dice = Dice(6)
    for _ in range(50):
        roles = dice.people("who", "friend")
        pronoun = dict(PEOPLE)[roles["who"]]
        assert roles["who"] != roles["friend"]
        assert roles["who_he"] == pronoun
        assert roles["who_He"] == pronoun.capitalize()
        assert roles["who_his"] == {"she": "her", "he": "his"}[pronoun]
