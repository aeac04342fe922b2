import json
from io import StringIO

import pytest
from rich.console import Console

from metrics.judges.leaderboard import leaderboard
from metrics.judges.output import (
    evaluation_json,
    evaluation_table,
    leaderboard_table,
)
from metrics.stats.processbench import mean_f1, score
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model

pytestmark = pytest.mark.django_db

LABELS, FOUND = [-1, -1, 2, 3], [-1, 1, 2, None]


def test_evaluation_json_has_every_labelled_subset() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "easy", LABELS), FOUND)
    label_traces(dataset, reference, "hard", [1, -1])
    judge_traces(make_model("other"), label_traces(dataset, reference, "odd", [1]), [1])
    expected = score(zip(LABELS, FOUND, strict=True))
    found = evaluation_json(dataset, judge, 1.5)
    assert json.loads(json.dumps(found)) == {
        "dataset": "bench",
        "scorer": "prm",
        "subsets": [
            {
                "name": "easy",
                "n": 4,
                "n_erroneous": 2,
                "accuracy_erroneous": 50.0,
                "accuracy_correct": 50.0,
                "f1": 50.0,
                "unparsable": 1,
            },
            *(
                {
                    "name": name,
                    "n": 0,
                    "n_erroneous": 0,
                    "accuracy_erroneous": None,
                    "accuracy_correct": None,
                    "f1": None,
                    "unparsable": 0,
                }
                for name in ["hard", "odd"]
            ),
        ],
        "mean_f1": mean_f1([expected.f1]),
        "seconds": 1.5,
    }


def test_evaluation_table_shows_the_figures() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "easy", LABELS), FOUND)
    console = Console(file=StringIO(), width=120)
    console.print(evaluation_table(evaluation_json(dataset, judge, 2)))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "prm on bench" in text
    (row,) = [line for line in text.splitlines() if "easy" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "easy",
        "4",
        "2",
        "50.0",
        "50.0",
        "50.0",
        "1",
    ]


def test_evaluation_of_a_judge_without_verdicts_has_no_figures() -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "easy", LABELS)
    found = evaluation_json(dataset, make_model("idle"), 0)
    assert found["mean_f1"] is None
    assert found["subsets"][0]["n"] == 0


@pytest.mark.parametrize("width", [80, 200])
def test_leaderboard_table_cuts_no_name_or_figure_short(width: int) -> None:
    dataset, reference = make_dataset()
    judge = make_model("a-model-with-a-name")
    names = ["number-theory", "knights-and-knaves", "probability", "geometry", "units"]
    for name in names:
        judge_traces(judge, label_traces(dataset, reference, name, LABELS), FOUND)
    console = Console(file=StringIO(), width=width)
    console.print(leaderboard_table(leaderboard(dataset), console.width))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "…" not in text
    assert all(name in text for name in [*names, "a-model-with-a-name", "20 of 20"])
    assert text.count("50.0") >= len(names)
