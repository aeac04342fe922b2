"""The numbers on a judge's page are those of the functions, from the verdicts by another way."""

from collections.abc import Callable

import numpy as np
import pytest
from bs4 import Tag
from django.test import Client
from django.urls import reverse

from metrics.pages.tables import format_percent
from metrics.stats.breakdown import breakdown
from metrics.stats.calibration import by_votes, calibration, step_truth
from metrics.stats.confusion_matrix import confusion
from metrics.stats.paired_tests import benjamini_hochberg, compare_traces, holm
from metrics.stats.thresholds import choose, windows
from tests.metrics.page_reader import read, table_rows, words
from tests.metrics.worlds import HOSTILE, World
from traces.models import Judge, SavedFilter, Trace, Verdict

pytestmark = pytest.mark.django_db


def verdicts(judge: Judge) -> dict[int, Verdict]:
    found = Verdict.objects.filter(
        judge=judge, is_current=True, trace__is_current_segmentation=True
    )
    return {verdict.trace_id: verdict for verdict in found}


def judge_page(client: Client, judge: Judge, **query: str) -> Tag:
    return read(client, reverse("metrics:judge-detail", args=[judge.pk]), **query)


def pairs(world: World, judge: Judge) -> list[tuple[Trace, Verdict, Verdict]]:
    labels, said = verdicts(world.reference), verdicts(judge)
    return [(trace, labels[trace.pk], said[trace.pk]) for trace in world.traces if trace.pk in said]


def number(value: int | None) -> float:
    return np.nan if value is None else float(value)


@pytest.mark.parametrize("kind", ["prm", "critic"])
def test_the_confusion_matrix_is_the_functions(reader: Client, world: World, kind: str) -> None:
    judge = getattr(world, kind)
    rows = pairs(world, judge)
    expected = confusion([(a.earliest_error, b.earliest_error, 1) for _, a, b in rows])
    shown = table_rows(judge_page(reader, judge), "table.confusion")
    counts = [[int(cell or 0) for cell in row[1:-1]] for row in shown]
    assert counts == [row for row in expected.counts.tolist() if sum(row)]
    assert [int(row[-1]) for row in shown] == [sum(row) for row in counts]


def test_parts_are_the_functions(reader: Client, world: World) -> None:
    rows = pairs(world, world.critic)
    names = [trace.problem.subset for trace, _, _ in rows]
    expected = breakdown(
        names,
        [label.earliest_error for _, label, _ in rows],
        [number(said.earliest_error) for _, _, said in rows],
        [trace.problem_id for trace, _, _ in rows],
    )
    page = judge_page(reader, world.critic)
    tables = {table.caption.get_text(): table for table in page.select("table.parts")}
    shown = {
        words(row, "th")[0]: words(row, "td.number")
        for row in tables["Subset"].select("tr.measured")
    }
    assert set(shown) == {"gsm8k", "math"}
    for part in expected:
        interval = part.accuracy_interval
        assert interval is not None
        assert shown[part.name][:3] == [
            format_percent(part.accuracy),
            f"{interval.low:.1f} to {interval.high:.1f}",
            format_percent(part.score.f1),
        ]
        assert shown[part.name][3].startswith(str(part.score.n))
    types = words(tables["Error type"], "tbody th")
    assert sorted(types) == sorted([HOSTILE, "arithmetic"])


def test_every_part_leads_to_as_many_traces_as_it_says(reader: Client, world: World) -> None:
    page = judge_page(reader, world.critic)
    links = page.select("table.parts td.number a, table.confusion td:not(.total) a")
    assert len(links) > 20
    for link in links[::4]:
        found = read(reader, str(link["href"]))
        count = int(link.find(string=True, recursive=False) or 0)
        assert len(found.select("table.list a[href^='/traces/']")) == min(count, 50), link


def test_the_threshold_is_chosen_on_some_problems_and_applied_to_the_rest(
    reader: Client, world: World
) -> None:
    rows = pairs(world, world.prm)
    expected = choose(
        windows([label.earliest_error for _, label, _ in rows], [s.scores for _, _, s in rows]),
        [str(trace.problem.content_hash) for trace, _, _ in rows],
        default=0.5,
    )
    shown = table_rows(judge_page(reader, world.prm), "table.thresholds")
    assert expected.threshold is not None
    assert [row[0] for row in shown] == [
        "0.500 the scorer’s own",
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
    rows = pairs(world, world.prm)
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


def test_the_choice_of_bins_stays_in_the_address(reader: Client, world: World) -> None:
    page = judge_page(reader, world.prm)
    (link,) = page.select(".choice a:not([aria-current])")
    chosen = read(reader, reverse("metrics:judge-detail", args=[world.prm.pk]) + str(link["href"]))
    (kept,) = chosen.select('form.filters input[name="bins"]')
    assert kept["value"] == "mass"
    assert all("bins=mass" in str(a["href"]) for a in chosen.select("table.outcomes thead a"))
    path = reverse("metrics:judge-detail", args=[world.prm.pk])
    assert reader.get(path, {"bins": "odd"}).status_code == 400


def test_votes_are_the_functions(reader: Client, world: World) -> None:
    rows = [row for row in pairs(world, world.critic) if row[2].earliest_error is not None]
    expected = by_votes(
        [said.confidence for _, _, said in rows],
        [said.earliest_error == label.earliest_error for _, label, said in rows],
    )
    page = judge_page(reader, world.critic)
    chart = next(f for f in page.select("figure") if "votes" in str(f["data-spec-url"]))
    assert table_rows(chart, "table.chart-table") == [
        [f"{v:.3f}" for v in (share, right.value, right.low, right.high)] + [str(right.of)]
        for share, right in expected
    ]


@pytest.mark.parametrize(
    ("correction", "adjust", "whose"),
    [
        ("", holm, "Holm’s"),
        ("holm", holm, "Holm’s"),
        ("discovery", benjamini_hochberg, "Benjamini and Hochberg’s"),
    ],
)
def test_paired_tests_are_the_functions_corrected(
    reader: Client, world: World, correction: str, adjust: Callable, whose: str
) -> None:
    base = verdicts(world.prm)
    labels = verdicts(world.reference)
    found = []
    for judge in (world.critic, *world.people):
        said = verdicts(judge)
        traces = [t for t in world.traces if t.pk in said]
        found.append(
            compare_traces(
                [labels[t.pk].earliest_error for t in traces],
                [number(said[t.pk].earliest_error) for t in traces],
                [number(base[t.pk].earliest_error) for t in traces],
                problems=[t.problem_id for t in traces],
                subsets=[t.problem.subset for t in traces],
            )
        )
    adjusted = adjust([one.f1.permutation_p for one in found])
    path = reverse("metrics:judge-list")
    page = read(reader, path, against=str(world.prm.pk), correction=correction)
    assert f"after {whose} correction" in words(page, "table.tests thead")[0]
    assert words(page, ".choice a[aria-current]") == [whose.removesuffix("’s")]
    assert bool(page.select("details.paired[open]")) == bool(correction)
    shown = {row[0]: row for row in table_rows(page, "table.tests")}
    for judge, one, p in zip((world.critic, *world.people), found, adjusted, strict=True):
        assert one.f1.value is not None
        assert p is not None
        row = shown[judge.name]
        assert row[1] == f"{one.f1.value:+.1f}"
        assert f"p = {p:.3f} over {one.traces} traces" in row[2] or p < 0.001
        assert (
            f"only this judge right on {one.only_first}, only the baseline on {one.only_second}"
            in row[2]
        )


def test_a_selection_of_traces_is_what_is_measured(reader: Client, world: World) -> None:
    SavedFilter.objects.create(dataset=world.dataset, name="mine", choices={"subset": "math"})
    page = judge_page(reader, world.critic, selection="mine")
    (row,) = table_rows(page, "table.outcomes")
    judged = sum(trace.problem.subset == "math" for trace, _, _ in pairs(world, world.critic))
    assert row[:2] == ["math", str(judged)]
    board = read(reader, reverse("metrics:judge-list"), selection="mine")
    assert words(board, "table.leaderboard thead th.number")[2:] == ["math"]
    gone = reader.get(reverse("metrics:judge-list"), {"selection": "nobody's"})
    assert gone.status_code == 400


def test_hostile_names_are_text(reader: Client, world: World) -> None:
    for path in (
        reverse("metrics:judge-list"),
        reverse("metrics:judge-detail", args=[world.critic.pk]),
        reverse("metrics:agreement-matrix"),
        reverse("metrics:generator-list"),
    ):
        page = read(reader, path)
        assert not [tag for tag in page.select("script") if "alert" in tag.get_text()]
        assert HOSTILE in page.get_text() or "<b>poet</b>" in page.get_text()


@pytest.mark.parametrize("chart", ["thresholds", "reliability"])
@pytest.mark.parametrize("suffix", ["svg", "png", "csv", "json"])
def test_a_judges_charts_are_files(reader: Client, world: World, chart: str, suffix: str) -> None:
    response = reader.get(reverse("metrics:judge-figure", args=[world.prm.pk, chart, suffix]))
    assert response["Content-Disposition"] == f'attachment; filename="{chart}.{suffix}"'
    nothing = reader.get(reverse("metrics:judge-figure", args=[world.people[0].pk, chart, suffix]))
    assert nothing.status_code == 404


def test_the_traces_behind_a_part_are_as_many_as_it_counts(reader: Client, world: World) -> None:
    person = world.people[0]
    unsure = Verdict.objects.filter(judge=person).values_list("pk", flat=True)[:8]
    Verdict.objects.filter(pk__in=list(unsure)).update(earliest_error=None, failure="unsure")
    page = judge_page(reader, world.prm, reference=str(person.pk))
    links = page.select("table.parts td.number a")
    counted = [int(words(link.parent, "a")[0].split()[0]) for link in links]
    behind = [
        len(read(reader, str(link["href"])).select("tbody a[href^='/traces/']")) for link in links
    ]
    assert counted == behind
    assert len(links) > 10
