"""The report of the loop: tables in Markdown, and pictures beside it."""

from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from metrics.charts.export import PAPER_CONFIG
from training.loop.arm_comparison import Difference, difference, f1_difference
from training.loop.experiment import Sizes

Found = dict[str, Any]

MISTAKES = [
    "right rationales alone",
    "right and wrong, untagged",
    "mistake tuning",
    "mistake tuning, asked for a wrong one",
]
LEARNING = ["base", "more fine-tuning", "rejection sampling", "NFT"]
WAYS = [
    "many ways: base",
    "many ways: more fine-tuning",
    "many ways: rejection sampling",
    "many ways: NFT",
]
JUDGES = [
    "floor: best constant",
    "floor: knows the final answer",
    "F1: policy's likelihood",
    "F1: PRM",
]
PAIRS = [
    ("mistake tuning", "right rationales alone"),
    ("mistake tuning", "right and wrong, untagged"),
    ("NFT", "more fine-tuning"),
    ("rejection sampling", "more fine-tuning"),
    ("NFT", "rejection sampling"),
    ("many ways: NFT", "many ways: rejection sampling"),
    ("many ways: NFT", "many ways: more fine-tuning"),
    ("many ways: rejection sampling", "many ways: base"),
]


def write_report(folder: Path, seeds: list[Found], sizes: Sizes, minutes: float) -> Path:
    """`report.md`, and a picture of each section beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    arms = MISTAKES + LEARNING + WAYS
    accuracies = {arm: [_share(seed["solved"][arm]) for seed in seeds] for arm in arms}
    f1s = {name: [(seed["figures"][name] or 0) / 100 for seed in seeds] for name in JUDGES}
    pairs = [_difference(seeds, a, b) for a, b in PAIRS]
    judged = _judged(seeds)
    numbers = [seed["seed"] for seed in seeds]
    core_minutes = sum(seed["seconds"] for seed in seeds) / 60
    text = "\n".join(
        [
            "# The loop on two cores",
            "",
            f"Seeds {', '.join(map(str, numbers))}; {sizes.held_out:,} held-out problems each; "
            f"{minutes:.0f} minutes, {core_minutes:.0f} core-minutes of seeds. Shares of problems "
            "solved in every step, greedily; of many ways, of four sampled attempts at each.",
            "",
            *_section("Mistake tuning", "mistakes", MISTAKES, accuracies, numbers),
            *_differences(pairs[:2]),
            *_section("Learning from its own attempts", "learning", LEARNING, accuracies, numbers),
            *_differences(pairs[2:5]),
            *_section("Where many answers are right", "ways", WAYS, accuracies, numbers),
            *_differences(pairs[5:]),
            *_other_figures(seeds, numbers),
            *_section("Judging its own errors (F1)", "judges", JUDGES, f1s, numbers),
            *_differences([judged]),
        ]
    )
    for name, arms, values in (
        ("mistakes", MISTAKES, accuracies),
        ("learning", LEARNING, accuracies),
        ("ways", WAYS, accuracies),
        ("judges", JUDGES, f1s),
    ):
        _draw(folder / f"{name}.svg", arms, values)
    path = folder / "report.md"
    path.write_text(text)
    return path


def _section(
    title: str, picture: str, arms: list[str], values: dict[str, list[float]], numbers: list[int]
) -> list[str]:
    table = _table("arm", {arm: values[arm] for arm in arms}, numbers)
    return [f"## {title}", "", f"![{title}]({picture}.svg)", "", *table]


def _other_figures(seeds: list[Found], numbers: list[int]) -> list[str]:
    """Of the arms of many ways: how often the likeliest attempt is right, and the entropy."""
    found = {
        f"{arm}, {what}": [seed["figures"][f"{arm}, {what}"] for seed in seeds]
        for what in ("greedily", "entropy")
        for arm in WAYS
    }
    return _table("the arm's", found, numbers)


def _table(head: str, values: dict[str, list[float]], numbers: list[int]) -> list[str]:
    lines = [f"| {head} | " + " | ".join(f"seed {number}" for number in numbers) + " | mean |"]
    lines.append("|---" * (len(numbers) + 2) + "|")
    for name, row in values.items():
        cells = " | ".join(f"{value:.3f}" for value in row)
        lines.append(f"| {name} | {cells} | {_mean(row):.3f} |")
    return [*lines, ""]


def _differences(pairs: list[Difference]) -> list[str]:
    lines = ["| difference | mean | 95 % over problems | by seed | |", "|---|---|---|---|---|"]
    for pair in pairs:
        by_seed = ", ".join(f"{value:+.3f}" for value in pair.by_seed)
        said = {"a is better": "won", "b is better": "lost", "level": "did not win"}[pair.verdict]
        lines.append(
            f"| {pair.a} − {pair.b} | {pair.mean:+.3f} | {pair.low:+.3f} to {pair.high:+.3f} "
            f"| {by_seed} | {pair.a} {said} |"
        )
    return [*lines, ""]


def _difference(seeds: list[Found], a: str, b: str) -> Difference:
    return difference(a, b, [s["solved"][a] for s in seeds], [s["solved"][b] for s in seeds])


def _judged(seeds: list[Found]) -> Difference:
    found = [seed["figures"]["found"] for seed in seeds]
    return f1_difference(
        "PRM",
        "policy's likelihood",
        [seed["figures"]["labels"] for seed in seeds],
        [one["PRM"] for one in found],
        [one["policy's likelihood"] for one in found],
    )


def _draw(path: Path, arms: list[str], values: dict[str, list[float]]) -> None:
    """A dot a seed, a tick for their mean."""
    rows = [{"arm": arm, "value": value} for arm in arms for value in values[arm]]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("arm:N", sort=arms, title=None, axis=alt.Axis(labelLimit=260))
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


def _share(solved: list[float]) -> float:
    return sum(solved) / len(solved)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
