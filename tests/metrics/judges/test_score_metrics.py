import numpy as np
import pytest
from django.test import Client

from metrics.judges.score_metrics import DEFAULT, calibrations_of, threshold_figures
from metrics.pages.tables import format_percent
from metrics.reports.label_matrix import load_label_matrix
from metrics.reports.query import MetricsQuery
from metrics.stats.calibration import calibration, step_truth
from metrics.stats.thresholds import choose, windows
from metrics.summaries import refresh
from tests.factories import make_verdict
from tests.metrics.page_reader import judge_page, table_rows, words
from tests.metrics.rows import label_traces, make_dataset, make_model
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


def test_a_judge_without_scores_has_no_thresholds_and_no_calibration(world: World) -> None:
    query = MetricsQuery((world.dataset.pk,), judge=world.critic.pk)
    matrix = load_label_matrix(query, [world.critic.pk], with_reference=True)
    assert threshold_figures(matrix, world.critic.pk) is None
    assert calibrations_of(matrix, world.critic.pk, query) == (None, None)
    empty = matrix.where(np.zeros(len(matrix), dtype=bool))
    assert threshold_figures(empty, world.prm.pk) is None
    assert calibrations_of(empty, world.prm.pk, query) == (None, None)


def test_scores_that_are_no_probabilities_have_thresholds_but_no_calibration() -> None:
    dataset, reference = make_dataset()
    judge = make_model("reward")
    for trace, scores in zip(
        label_traces(dataset, reference, "s", [-1, 1]),
        [[3.0, 2.0, 2.0, 2.0, 2.0], [1.5, -4.0, 0.0, 0.0, 0.0]],
        strict=True,
    ):
        make_verdict(trace, judge, -1, scores=scores)
    refresh.update()
    query = MetricsQuery((dataset.pk,), judge=judge.pk)
    matrix = load_label_matrix(query, [judge.pk], with_reference=True)
    assert calibrations_of(matrix, judge.pk, query) == (None, None)
    figures = threshold_figures(matrix, judge.pk)
    assert figures is not None
    assert figures.default == DEFAULT
    # Above -4 and up to 1.5, both traces are judged right.
    assert max(point.f1 or 0 for point in figures.points) == 100.0
    assert {point.f1 for point in figures.points if -4 < point.threshold <= 1.5} == {100.0}


def test_a_threshold_over_traces_of_one_kind_has_no_f1() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    (trace,) = label_traces(dataset, reference, "s", [-1])
    make_verdict(trace, judge, -1, scores=[0.9] * 5)
    refresh.update()
    matrix = load_label_matrix(MetricsQuery((dataset.pk,)), [judge.pk], with_reference=True)
    figures = threshold_figures(matrix, judge.pk)
    assert figures is not None
    assert figures.chosen is None
    assert {point.f1 for point in figures.points} == {None}
    assert {point.accuracy_correct for point in figures.points} == {0.0, 100.0}
