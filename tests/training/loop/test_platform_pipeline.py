"""A round through the platform: attempts in, the truth's verdicts, an export out; the report."""

from pathlib import Path

import pytest

from traces.models import Trace, Verdict
from training.jobs.export_reader import open_export
from training.jobs.policy_sampler import Response
from training.loop.experiment import SMALL, Seed
from training.loop.report import WAYS, write_report
from training.loop.rollouts import rollout_rows, write_folder
from training.loop.toy_arithmetic import Sum

PROBLEMS = [Sum(7, (("+", 8), ("*", 2), ("-", 9))), Sum(1, (("+", 1), ("+", 1), ("+", 1)))]


def attempts() -> list[list[Response]]:
    right = [Response("\n\n".join(p.steps), [1, 2, 3], [-0.5, -0.25, -1.0], True) for p in PROBLEMS]
    wrong = Response("7+8=6\n\n6*2=2", [4, 5], [-2.0, -3.0], False)
    return [[right[0], wrong, wrong], [right[1], right[1]]]


@pytest.mark.django_db(transaction=True)
def test_attempts_come_back_as_rollouts_with_their_tokens_and_rewards(tmp_path: Path):
    seed = Seed(1, tmp_path / "seed", SMALL, lambda sentence: None)
    rows = rollout_rows(PROBLEMS, attempts(), generator="policy")
    through = seed.exported("round", rows, "nft-rollouts", instruction="")
    assert Trace.objects.count() == 5
    verdicts = Verdict.objects.order_by("trace__external_id")
    assert [verdict.earliest_error for verdict in verdicts] == [-1, 0, 0, -1, -1]
    (row,) = open_export(through, recipes=("nft-rollouts",)).rows("train")
    beside = write_folder(tmp_path / "beside", PROBLEMS, attempts())
    (expected,) = open_export(beside, recipes=("nft-rollouts",)).rows("train")
    assert row["prompt"] == expected["prompt"]
    assert row["r_q"] == expected["r_q"] == pytest.approx(1 / 3)
    kept = ("token_ids", "old_logprobs", "reward")
    assert [[response[key] for key in kept] for response in row["responses"]] == [
        [response[key] for key in kept] for response in expected["responses"]
    ]


def test_a_report_says_what_did_not_win(tmp_path: Path):
    arms = [
        "right rationales alone", "right and wrong, untagged", "mistake tuning",
        "mistake tuning, asked for a wrong one", "base", "more fine-tuning",
        "rejection sampling", "NFT", *WAYS,
    ]  # fmt: skip
    solved = {arm: [True, False] for arm in arms} | {"mistake tuning": [True, True]}
    solved |= {"many ways: NFT": [0.75, 1.0], "many ways: rejection sampling": [0.5, 0.5]}
    others = {f"{arm}, {what}": 0.25 for arm in WAYS for what in ("greedily", "entropy")}
    figures = others | {
        "floor: best constant": 10.0,
        "floor: knows the final answer": 20.0,
        "F1: PRM": 50.0,
        "F1: policy's likelihood": 60.0,
        "labels": [-1, 0, 1, 2],
        "found": {"PRM": [-1, 0, -1, -1], "policy's likelihood": [-1, 0, 1, -1]},
    }
    seeds = [{"seed": n, "solved": solved, "figures": figures, "seconds": 60.0} for n in (1, 2)]
    text = write_report(tmp_path, seeds, SMALL, minutes=3).read_text()
    lines = text.splitlines()
    (line,) = [line for line in lines if line.startswith("| NFT − rejection sampling |")]
    assert line.split(" | ")[1:3] == ["+0.000", "+0.000 to +0.000"]
    assert line.endswith("NFT did not win |")
    assert "| F1: PRM | 0.500 | 0.500 | 0.500 |" in text
    (line,) = [line for line in lines if line.startswith("| many ways: NFT − many ways: rej")]
    assert line.split(" | ")[1] == "+0.375"
    assert line.endswith("many ways: NFT won |")
    assert "| many ways: NFT, entropy | 0.250 | 0.250 | 0.250 |" in text
    for name in ("mistakes", "learning", "ways", "judges"):
        assert (tmp_path / f"{name}.svg").read_text().startswith("<svg")
