"""KTO: single solutions, desirable or not."""

from tests.exports.recipes.attempts import made, right, wrong


def test_kto_has_every_trace_but_right_steps_to_a_wrong_answer():
    rows = made("kto", right(), wrong(), right(final_answer_correct=False))
    assert [row["label"] for row in rows] == [True, False]
    assert rows[0]["prompt"].endswith("\n\n")
