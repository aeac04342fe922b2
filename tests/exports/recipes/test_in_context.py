"""In-context sets: right and wrong answers without a reason."""

from tests.exports.recipes.attempts import made, right, sources, wrong


def test_in_context_sets_have_both_sides_and_no_reason():
    (row,) = made("in-context", right(), wrong(), wrong(steps=["Hm."], earliest_error=0), wrong=2)
    assert len(row["wrong_answers"]) == 2
    assert row["text"].count("Wrong answer: ") == 2
    assert "6 + 8 is 14." not in row["text"]
    assert made("in-context", right()) == []


def test_in_context_sets_fall_back_on_the_reference():
    bad = wrong()
    (row,) = made("in-context", bad)
    assert row["right_answers"] == ["2 * 3 + 8 = 14."]
    assert row["right_trace_ids"] == []
    assert sources("in-context", bad) == [[bad.trace_id]]
    assert made("in-context", bad, references=False) == []
