"""Scores as tables for the terminal and as JSON for programs."""

from typing import Any

from rich.console import Console
from rich.table import Table

from metrics.judges.leaderboard import JudgeScore, Leaderboard, kind_of, leaderboard
from metrics.pages.tables import format_percent
from metrics.stats.processbench import SubsetScore, mean_f1, score
from traces.models import Dataset, Judge
from traces.models.judge import DATASET_LABELS


def evaluation_json(dataset: Dataset, judge: Judge, seconds: float) -> dict[str, Any]:
    """Return one scorer's figures against the dataset labels; `seconds` is its run time.

    Every labelled subset is there: one that the scorer judged nothing of has n 0 and no figures.
    """
    board = leaderboard(dataset, judges=[judge.pk])
    judged = board.judges[0].subsets if board.judges else {}
    subsets = [
        (subset.name, judged[subset.name].score if subset.name in judged else score([]))
        for subset in board.subsets
    ]
    return {
        "dataset": dataset.name,
        "scorer": str(judge),
        "subsets": [{"name": name, **_score_json(one)} for name, one in subsets],
        "mean_f1": mean_f1(one.f1 for _, one in subsets),
        "seconds": seconds,
    }


def evaluation_table(evaluation: dict[str, Any]) -> Table:
    """Return `evaluation_json`'s figures as a table for the terminal."""
    table = Table(
        title=f"{evaluation['scorer']} on {evaluation['dataset']}",
        caption=f"ProcessBench metric, in percent. {evaluation['seconds']:.1f} s.",
    )
    table.add_column("subset")
    for heading in ["traces", "with an error", "found", "accepted", "F1", "unparsable"]:
        table.add_column(heading, justify="right")
    for row in evaluation["subsets"]:
        table.add_row(
            row["name"],
            f"{row['n']:,}",
            f"{row['n_erroneous']:,}",
            format_percent(row["accuracy_erroneous"]),
            format_percent(row["accuracy_correct"]),
            format_percent(row["f1"]),
            f"{row['unparsable']:,}",
        )
    table.add_section()
    table.add_row("mean", "", "", "", "", format_percent(evaluation["mean_f1"]), "", style="bold")
    return table


def leaderboard_json(board: Leaderboard) -> dict[str, Any]:
    return {
        "dataset": board.dataset.name if board.dataset else None,
        "reference": str(board.reference) if board.reference else DATASET_LABELS,
        "subsets": [
            {
                "name": subset.name,
                "labelled": subset.labelled,
                "floor_constant": subset.floors.constant,
                "floor_final_answer": subset.floors.final_answer,
            }
            for subset in board.subsets
        ],
        "judges": [_judge_json(row) for row in board.judges],
    }


def leaderboard_table(board: Leaderboard, width: int) -> Table:
    """Return a column a subset if that fits `width` characters, else a line a subset."""
    columns = [subset.name for subset in board.subsets]
    wide = _titled(board)
    _add_columns(wide, columns)
    for row in board.judges:
        found = [_subset_figure(row, name) for name in columns]
        wide.add_row(*_cells(board, row, found))
    unbounded = Console(width=10_000)
    if unbounded.measure(wide).maximum <= width:
        return wide
    tall = _titled(board)
    _add_columns(tall, [])
    for row in board.judges:
        tall.add_section()
        tall.add_row(*_cells(board, row, []), style="bold")
        for subset in board.subsets:
            one = row.subsets.get(subset.name)
            judged = f"{one.score.n if one else 0:,} of {subset.labelled:,}"
            tall.add_row(f"  {subset.name}", "", _subset_figure(row, subset.name), "", judged)
    return tall


def _titled(board: Leaderboard) -> Table:
    labels = str(board.reference) if board.reference else DATASET_LABELS
    floors = board.floors
    return Table(
        title=f"{board.dataset.name if board.dataset else 'all datasets'}, reference: {labels}",
        caption=(
            "ProcessBench F1 in percent, with 95 % intervals over problems. Baselines: "
            f"best constant answer {format_percent(floors.constant)}, "
            f"final answer only {format_percent(floors.final_answer)}."
        ),
    )


def _add_columns(table: Table, subsets: list[str]) -> None:
    table.add_column("judge", overflow="fold")
    table.add_column("kind")
    for heading in ["mean", "95 %", *subsets, "judged"]:
        table.add_column(heading, justify="right", no_wrap=True)


def _cells(board: Leaderboard, row: JudgeScore, subsets: list[str]) -> list[str]:
    interval = row.interval
    return [
        str(row.judge),
        kind_of(row.judge),
        format_percent(row.mean_f1),
        f"{interval.low:.1f}–{interval.high:.1f}" if interval else "–",
        *subsets,
        f"{row.judged:,} of {board.labelled:,}",
    ]


def _subset_figure(row: JudgeScore, name: str) -> str:
    subset = row.subsets.get(name)
    return format_percent(subset.score.f1 if subset else None)


def _judge_json(row: JudgeScore) -> dict[str, Any]:
    return {
        "judge": str(row.judge),
        "kind": kind_of(row.judge),
        "mean_f1": row.mean_f1,
        "interval": [row.interval.low, row.interval.high] if row.interval else None,
        "judged": row.judged,
        "subsets": [
            {"name": subset.name, **_score_json(subset.score)} for subset in row.subsets.values()
        ],
    }


def _score_json(one: SubsetScore) -> dict[str, Any]:
    return {
        "n": one.n,
        "n_erroneous": one.n_erroneous,
        "accuracy_erroneous": one.accuracy_erroneous,
        "accuracy_correct": one.accuracy_correct,
        "f1": one.f1,
        "unparsable": one.unparsable,
    }
