import numpy as np
import pytest
from django.test import Client

from metrics.pages.tables import format_percent
from metrics.stats.calibration import calibration, step_truth
from metrics.stats.thresholds import choose, windows
from tests.metrics.page_reader import judge_page, table_rows, words
from tests.metrics.worlds import World, verdict_pairs

pytestmark = pytest.mark.django_db


def test_the_threshold_is_chosen_on_some_problems_and_applied_to_the_rest(
    reader: Client, world: World
) -> None:
    rows = verdict_pairs(world, world.prm)
    expected = choose(
        windows([label.earliest_error for _, label, _ in rows], [s.scores for _, _, s in rows]),
        [str(trace.problem.content_hash) for trace, _, _ in rows],
        default=0.5,
    )
    shown = table_rows(judge_page(reader, world.prm), "table.thresholds")
    assert expected.threshold is not None
    assert [row[0] for row in shown] == [
        "0.500 scorer’s default",
        f"{expected.threshold:.3f} chosen",
        f"{expected.threshold:.3f} chosen",
    ]
    scores = [expected.held_out_at_default, expected.development, expected.held_out]
    assert [row[2:] for row in shown] == [
        [
            str(score.n),
            format_percent(score.f1),
            format_percent(score.accuracy_erroneous),
            format_percent(score.accuracy_correct),
        ]
        for score in scores
    ]


@pytest.mark.parametrize("bins", ["", "width", "mass"])
def test_calibration_is_the_functions(reader: Client, world: World, bins: str) -> None:
    rows = verdict_pairs(world, world.prm)
    truth = [step_truth(label.earliest_error, trace.step_count) for trace, label, _ in rows]
    scores = [np.array(said.scores) for _, _, said in rows]
    expected = calibration(np.concatenate(truth), np.concatenate(scores), equal_mass=bins == "mass")
    assert expected is not None
    page = judge_page(reader, world.prm, bins=bins)
    facts = words(page, "dl.calibration dd")
    assert facts[0] == f"{expected.expected_error:.3f}"
    assert facts[1].split()[0] == f"{expected.brier.score:.3f}"
    assert facts[2].startswith(str(expected.steps))
    chart = next(f for f in page.select("figure") if "reliability" in str(f["data-spec-url"]))
    assert table_rows(chart, "table.chart-table") == [
        [
            *(f"{v:.3f}" for v in (b.low, b.high, b.mean_score)),
            *(f"{v:.3f}" for v in (b.right.value, b.right.low, b.right.high)),
            str(b.right.of),
        ]
        for b in expected.bins
    ]
    saved = next(str(a["href"]) for a in chart.select("p.chart-files a") if a.string == "CSV")
    assert len(reader.get(saved).content.splitlines()) == 1 + len(expected.bins)
    chosen = "equal counts" if bins == "mass" else "equal width"
    assert words(page, ".choice a[aria-current]") == [chosen]
