"""A policy's responses as rows and as an export."""

from pathlib import Path

from tests.training.loop.attempts import PROBLEMS, scripted_attempts
from training.jobs.export_reader import open_export
from training.jobs.policy_sampler import Response
from training.loop.rollouts import (
    MAX_TOKENS,
    Policy,
    messages,
    response_steps,
    rollout_rows,
    trace_row,
    write_rollout_export,
)


def test_a_policy_samples_each_problem_and_solves_none_untrained(policy: Policy):
    groups = policy.sample(PROBLEMS, samples=3, temperature=1.0, seed=1)
    assert [len(group) for group in groups] == [3, 3]
    assert all(len(r.token_ids) == len(r.logprobs) <= MAX_TOKENS for g in groups for r in g)
    assert policy.sample(PROBLEMS, samples=3, temperature=1.0, seed=1) == groups
    assert policy.solved(PROBLEMS) == [False, False]


def test_a_tag_follows_the_problem_in_the_prompt():
    assert messages(PROBLEMS[0]) == [{"role": "user", "content": "7+8*2-9"}]
    assert messages(PROBLEMS[0], "[TAG]")[0]["content"] == "7+8*2-9\n[TAG]"


def test_a_response_has_at_least_one_step():
    assert response_steps(Response("1+1=2\n\n2+1=3", [], [], True)) == ["1+1=2", "2+1=3"]
    assert response_steps(Response("", [], [], True)) == ["?"]


def test_a_row_has_the_final_answer_and_its_metadata():
    row = trace_row(PROBLEMS[0], ["7+8=5", "5*2=0", "0-9=2"], id="a", generator="g", note=1)
    assert (row["final_answer"], row["reference_answer"]) == ("2", "1")
    assert row["final_answer_correct"] is False
    assert row["note"] == 1


def test_rollout_rows_have_the_tokens_of_each_attempt():
    rows = rollout_rows(PROBLEMS, scripted_attempts(), generator="policy")
    assert [row["id"] for row in rows] == ["0-0", "0-1", "0-2", "1-0", "1-1"]
    assert [row["final_answer_correct"] for row in rows] == [True, False, False, True, True]
    assert rows[1]["token_ids"] == [4, 5]
    assert rows[1]["sampling"] == {"temperature": 1.0, "max_tokens": MAX_TOKENS}


def test_an_export_has_only_mixed_groups(tmp_path: Path):
    folder = write_rollout_export(tmp_path / "export", PROBLEMS, scripted_attempts())
    (row,) = open_export(folder, recipes=("nft-rollouts",)).rows("train")
    assert (row["uid"], row["k"]) == ("0", 3)
    assert [response["reward"] for response in row["responses"]] == [1, 0, 0]
