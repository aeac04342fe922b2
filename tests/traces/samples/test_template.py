from dataclasses import replace

from traces.samples.families.arithmetic import BAKERY
from traces.samples.families.long_counts import LINE
from traces.samples.template import move, wordings, wrong


def test_a_move_has_its_tersest_wording_first():
    made = move("sum", lambda v: v.a + v.b, "[[<a> + <b> = <sum>]].", "together, [[<sum>]].")
    assert [phrase.forms["plain"] for phrase in made.wordings] == [
        "%(a)s + %(b)s = %(sum)s.",
        "together, %(sum)s.",
    ]
    assert made.fuller == made.wordings[1:]
    assert made.wordings[0].sums["plain"] == "%(a)s + %(b)s"


def test_a_move_with_one_wording_uses_it_everywhere():
    remark = move("", lambda v: 0, "this is a remark.")
    assert remark.fuller == remark.wordings


def test_a_mistake_has_a_wording_and_a_reason():
    mistake = wrong("logical", lambda v: v.a - v.b, "[[<a> - <b> = <sum>]]", "add [[<b>]].")
    assert mistake.kind == "logical"
    assert mistake.wording.names == {"a", "b", "sum"}
    assert mistake.why.forms["dollar"] == "add $%(b)s$."


def test_wordings_are_prepared_phrases():
    assert [phrase.forms["plain"] for phrase in wordings("one", "two")] == ["one", "two"]


def test_a_template_uses_all_moves_or_as_many_as_a_value_says():
    assert BAKERY.moves_for({}) == BAKERY.moves
    assert LINE.moves_for({"stops": 5}) == LINE.moves[:5]
    assert replace(LINE, length="").moves_for({}) == LINE.moves
