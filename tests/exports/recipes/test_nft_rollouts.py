import pytest

from tests.exports.recipes.attempts import made, right, sources, wrong


def test_attempts_are_grouped_with_their_rate():
    traces = [right(), wrong(), wrong()]
    (row,) = made("nft-rollouts", *traces)
    assert (row["k"], row["r_q"], row["is_uniform"]) == (3, pytest.approx(1 / 3), False)
    assert [response["reward"] for response in row["responses"]] == [1, 0, 0]
    assert [response["first_error_step"] for response in row["responses"]] == [-1, 1, 1]
    assert row["ground_truth"] == "14"
    assert row["policy"] == {
        "model": "some-model",
        "revision": "v1",
        "tokenizer": None,
        "temperature": 1.0,
        "top_p": 1.0,
        "top_k": None,
        "max_tokens": None,
    }
    assert sources("nft-rollouts", *traces) == [[trace.trace_id for trace in traces]]


def test_other_policies_and_settings_are_other_groups():
    cool = {"sampling": {"temperature": 0.5, "tokenizer": "t"}}
    rows = made(
        "nft-rollouts",
        *(right(), wrong()),
        *(right(metadata=cool), wrong(metadata=cool)),
        *(right(generator_revision="v2"), wrong(generator_revision="v2")),
    )
    assert [row["k"] for row in rows] == [2, 2, 2]
    assert len({row["uid"] for row in rows}) == 3
    assert rows[1]["policy"]["temperature"] == 0.5
    assert rows[1]["policy"]["tokenizer"] == "t"
    assert rows[2]["policy"]["revision"] == "v2"


def test_groups_all_alike_are_left_out_or_flagged():
    alike = [wrong(), wrong()]
    assert made("nft-rollouts", *alike) == []
    (row,) = made("nft-rollouts", *alike, uniform_groups="flagged")
    assert (row["is_uniform"], row["r_q"]) == (True, 0.0)
    assert made("nft-rollouts", right(), uniform_groups="flagged") == []


def test_log_probabilities_go_along_only_where_they_fit_the_tokens():
    tokens = {"token_ids": [5, 6], "logprobs": [-0.5, 0]}
    short = {"token_ids": [5, 6], "logprobs": [-0.5]}
    odd = {"token_ids": "no", "logprobs": [-0.5]}
    traces = [right(metadata=tokens), wrong(metadata=short), wrong(metadata=odd)]
    (row,) = made("nft-rollouts", *traces)
    assert [(r["token_ids"], r["old_logprobs"]) for r in row["responses"]] == [
        ([5, 6], [-0.5, 0.0]),
        ([5, 6], None),
        (None, None),
    ]


def test_the_reward_is_of_process_answer_or_both():
    lucky = wrong(final_answer_correct=True)
    unknown = wrong(final_answer_correct=None)
    traces = [right(), lucky, unknown]

    def rewards(reward: str) -> list[int]:
        (row,) = made("nft-rollouts", *traces, reward=reward, uniform_groups="flagged")
        return [response["reward"] for response in row["responses"]]

    assert rewards("process") == [1, 0, 0]
    assert rewards("answer") == [1, 1]
    assert rewards("both") == [1, 0]
