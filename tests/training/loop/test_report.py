"""The report: its tables, and which arms won."""

from pathlib import Path
from typing import Any

from training.loop.experiment import SMALL_SIZES
from training.loop.mistake_experiment import TUNED
from training.loop.prm_experiment import LIKELIHOOD, PRM
from training.loop.report import MANY_ANSWERS_ARMS, MISTAKE_ARMS, NFT_ARMS, write_report


def seed_results(*numbers: int) -> list[dict[str, Any]]:
    """Return results in which mistake tuning and NFT with many answers win, and NFT does not."""
    solved: dict[str, list[float]] = {
        arm: [True, False] for arm in (*MISTAKE_ARMS, *NFT_ARMS, *MANY_ANSWERS_ARMS)
    }
    solved |= {
        TUNED: [True, True],
        "many answers: NFT": [0.75, 1.0],
        "many answers: rejection sampling": [0.5, 0.5],
    }
    figures: dict[str, Any] = {
        f"{arm}, {figure}": 0.25 for arm in MANY_ANSWERS_ARMS for figure in ("greedy", "entropy")
    }
    figures |= {
        "baseline: best constant answer": 10.0,
        "baseline: final answer only": 20.0,
        f"F1: {PRM}": 50.0,
        f"F1: {LIKELIHOOD}": 60.0,
        "labels": [-1, 0, 1, 2],
        "predictions": {PRM: [-1, 0, -1, -1], LIKELIHOOD: [-1, 0, 1, -1]},
    }
    return [
        {"seed": number, "solved": solved, "figures": figures, "seconds": 60.0}
        for number in numbers
    ]


def test_a_report_states_which_arms_did_not_win(tmp_path: Path):
    lines = write_report(tmp_path, seed_results(1, 2), SMALL_SIZES, 3).read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("| NFT − rejection sampling |")]
    assert line.split(" | ")[1:3] == ["+0.000", "+0.000 to +0.000"]
    assert line.endswith("NFT did not win |")
    (line,) = [line for line in lines if line.startswith("| many answers: NFT − many answers: rej")]
    assert line.split(" | ")[1] == "+0.375"
    assert line.endswith("many answers: NFT won |")


def test_a_report_has_a_table_and_a_chart_per_section(tmp_path: Path):
    text = write_report(tmp_path, seed_results(1, 2), SMALL_SIZES, 3).read_text()
    assert "Seeds 1, 2; 20 held-out problems each; 3 minutes, 2 core-minutes" in text
    assert "| F1: PRM | 0.500 | 0.500 | 0.500 |" in text
    assert "| many answers: NFT, entropy | 0.250 | 0.250 | 0.250 |" in text
    for name in ("mistakes", "nft", "many-answers", "judges"):
        assert f"]({name}.svg)" in text
        assert (tmp_path / f"{name}.svg").read_text().startswith("<svg")
