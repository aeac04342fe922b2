"""The report of the experiment: tables in Markdown, and a chart for each section."""

from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from metrics.charts.export import PAPER_CONFIG
from training.loop.arm_comparison import Difference, difference, f1_difference
from training.loop.experiment import ExperimentSizes
from training.loop.mistake_experiment import CORRECT_ONLY, TUNED, UNTAGGED, WRONG_TAG
from training.loop.prm_experiment import LIKELIHOOD, PRM

SeedResult = dict[str, Any]

MISTAKE_ARMS = [CORRECT_ONLY, UNTAGGED, TUNED, WRONG_TAG]
NFT_ARMS = ["base", "more fine-tuning", "rejection sampling", "NFT"]
MANY_ANSWERS_ARMS = [
    "many answers: base",
    "many answers: more fine-tuning",
    "many answers: rejection sampling",
    "many answers: NFT",
]
JUDGES = [
    "baseline: best constant answer",
    "baseline: final answer only",
    f"F1: {LIKELIHOOD}",
    f"F1: {PRM}",
]
MISTAKE_PAIRS = [(TUNED, CORRECT_ONLY), (TUNED, UNTAGGED)]
NFT_PAIRS = [
    ("NFT", "more fine-tuning"),
    ("rejection sampling", "more fine-tuning"),
    ("NFT", "rejection sampling"),
]
MANY_ANSWERS_PAIRS = [
    ("many answers: NFT", "many answers: rejection sampling"),
    ("many answers: NFT", "many answers: more fine-tuning"),
    ("many answers: rejection sampling", "many answers: base"),
]
OUTCOMES = {"a is better": "won", "b is better": "lost", "level": "did not win"}


def write_report(
    folder: Path, seeds: list[SeedResult], sizes: ExperimentSizes, minutes: float
) -> Path:
    """Write `report.md` and a chart for each section, and return the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    arms = MISTAKE_ARMS + NFT_ARMS + MANY_ANSWERS_ARMS
    accuracies = {arm: [_mean(seed["solved"][arm]) for seed in seeds] for arm in arms}
    f1s = {name: [(seed["figures"][name] or 0) / 100 for seed in seeds] for name in JUDGES}
    numbers = [seed["seed"] for seed in seeds]
    sections = [
        *_introduction(seeds, sizes, minutes),
        *_section("Mistake tuning", "mistakes", MISTAKE_ARMS, accuracies, numbers),
        *_differences(seeds, MISTAKE_PAIRS),
        *_section("Training on its own attempts", "nft", NFT_ARMS, accuracies, numbers),
        *_differences(seeds, NFT_PAIRS),
        *_section(
            "Problems with many correct solutions",
            "many-answers",
            MANY_ANSWERS_ARMS,
            accuracies,
            numbers,
        ),
        *_differences(seeds, MANY_ANSWERS_PAIRS),
        *_other_figures(seeds, numbers),
        *_section("A PRM for its own errors (F1)", "judges", JUDGES, f1s, numbers),
        *_difference_table([_prm_difference(seeds)]),
    ]
    for name, chart_arms, values in (
        ("mistakes", MISTAKE_ARMS, accuracies),
        ("nft", NFT_ARMS, accuracies),
        ("many-answers", MANY_ANSWERS_ARMS, accuracies),
        ("judges", JUDGES, f1s),
    ):
        _draw(folder / f"{name}.svg", chart_arms, values)
    path = folder / "report.md"
    path.write_text("\n".join(sections))
    return path


def _introduction(seeds: list[SeedResult], sizes: ExperimentSizes, minutes: float) -> list[str]:
    numbers = ", ".join(str(seed["seed"]) for seed in seeds)
    core_minutes = sum(seed["seconds"] for seed in seeds) / 60
    return [
        "# End-to-end experiment on two cores",
        "",
        f"Seeds {numbers}; {sizes.held_out:,} held-out problems each; {minutes:.0f} minutes, "
        f"{core_minutes:.0f} core-minutes for the seeds. Figures are the share of problems solved "
        "correctly in every step with greedy decoding; for problems with many correct solutions, "
        "the share of correct attempts among four samples per problem.",
        "",
    ]


def _section(
    title: str, chart: str, arms: list[str], values: dict[str, list[float]], numbers: list[int]
) -> list[str]:
    table = _table("arm", {arm: values[arm] for arm in arms}, numbers)
    return [f"## {title}", "", f"![{title}]({chart}.svg)", "", *table]


def _other_figures(seeds: list[SeedResult], numbers: list[int]) -> list[str]:
    """Return the table of greedy accuracy and entropy with many correct solutions."""
    values = {
        f"{arm}, {figure}": [seed["figures"][f"{arm}, {figure}"] for seed in seeds]
        for figure in ("greedy", "entropy")
        for arm in MANY_ANSWERS_ARMS
    }
    return _table("figure", values, numbers)


def _table(head: str, values: dict[str, list[float]], numbers: list[int]) -> list[str]:
    lines = [f"| {head} | " + " | ".join(f"seed {number}" for number in numbers) + " | mean |"]
    lines.append("|---" * (len(numbers) + 2) + "|")
    for name, row in values.items():
        cells = " | ".join(f"{value:.3f}" for value in row)
        lines.append(f"| {name} | {cells} | {_mean(row):.3f} |")
    return [*lines, ""]


def _differences(seeds: list[SeedResult], pairs: list[tuple[str, str]]) -> list[str]:
    """Return the table of differences between arms."""
    return _difference_table(
        [
            difference(
                a, b, [seed["solved"][a] for seed in seeds], [seed["solved"][b] for seed in seeds]
            )
            for a, b in pairs
        ]
    )


def _difference_table(differences: list[Difference]) -> list[str]:
    lines = ["| difference | mean | 95 % over problems | by seed | |", "|---|---|---|---|---|"]
    for pair in differences:
        by_seed = ", ".join(f"{value:+.3f}" for value in pair.by_seed)
        lines.append(
            f"| {pair.a} − {pair.b} | {pair.mean:+.3f} | {pair.low:+.3f} to {pair.high:+.3f} "
            f"| {by_seed} | {pair.a} {OUTCOMES[pair.verdict]} |"
        )
    return [*lines, ""]


def _prm_difference(seeds: list[SeedResult]) -> Difference:
    predictions = [seed["figures"]["predictions"] for seed in seeds]
    return f1_difference(
        PRM,
        LIKELIHOOD,
        [seed["figures"]["labels"] for seed in seeds],
        [by_judge[PRM] for by_judge in predictions],
        [by_judge[LIKELIHOOD] for by_judge in predictions],
    )


def _draw(path: Path, arms: list[str], values: dict[str, list[float]]) -> None:
    """Write a chart with a dot per seed and a tick at the mean."""
    rows = [{"arm": arm, "value": value} for arm in arms for value in values[arm]]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("arm:N", sort=arms, title=None, axis=alt.Axis(labelLimit=280))
    )
    scale = alt.Scale(domain=[0, 1])
    dots = base.mark_point(style="mark", size=40).encode(
        x=alt.X("value:Q", title=None, scale=scale)
    )
    means = base.mark_tick(style="mark", thickness=3, height=18).encode(
        x=alt.X("mean(value):Q", scale=scale)
    )
    spec = alt.layer(dots, means).properties(width=420, height=alt.Step(28)).to_dict()
    spec.pop("config", None)
    path.write_text(vl_convert.vegalite_to_svg(spec, config=PAPER_CONFIG))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
