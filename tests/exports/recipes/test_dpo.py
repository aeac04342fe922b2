"""DPO: pairs of a right and a wrong solution."""

from tests.exports.recipes.attempts import made, right, sources, wrong


def test_dpo_pairs_each_right_trace_with_a_wrong_one_first():
    good = [right(steps=["r1"]), right(steps=["r2"])]
    bad = [wrong(steps=["w1"], earliest_error=0), wrong(steps=["w2"], earliest_error=0)]
    pairs = [(row["chosen"], row["rejected"]) for row in made("dpo", *good, *bad, pairs=3)]
    assert pairs == [("r1", "w1"), ("r2", "w2"), ("r1", "w2")]
    assert sources("dpo", *good, *bad) == [[good[0].trace_id, bad[0].trace_id]]


def test_dpo_can_keep_to_one_generator():
    bad = wrong(generator="other")
    assert made("dpo", right(), bad, same_generator=True) == []
    assert len(made("dpo", right(), bad, wrong(), same_generator=True, pairs=9)) == 1


def test_chat_pairs_are_messages():
    (row,) = made("dpo", right(), wrong(), shape="chat")
    assert row["prompt"] == [{"role": "user", "content": right().problem}]
    assert row["chosen"][0]["role"] == "assistant"
