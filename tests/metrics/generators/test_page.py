"""The numbers on the generators' pages are those of the functions, from the verdicts."""

import numpy as np
import pytest
from bs4 import Tag
from django.test import Client
from django.urls import reverse

from metrics.generators.tables import percentage
from metrics.stats.difficulty import NAMES, band
from metrics.stats.memorization import VariantPair, memorization
from metrics.stats.prevalence import classical, effective_gain, labels_needed, powered, stratified
from metrics.stats.survival import log_rank, survival
from metrics.stats.wilson import wilson_rate
from tests import factories
from tests.metrics.page_reader import read, table_rows, words
from tests.metrics.worlds import World, make_world
from traces.models import Dataset, Generator, ProblemMatch, ProblemVariant, Trace, Verdict

pytestmark = pytest.mark.django_db


def labels(world: World) -> dict[int, int]:
    found = Verdict.objects.filter(judge=world.reference, is_current=True)
    return dict(found.values_list("trace_id", "earliest_error"))


def mine(world: World, name: str) -> list[Trace]:
    return [trace for trace in world.traces if trace.generator.name == name]


def page_of(client: Client, name: str, **query: str) -> Tag:
    generator = Generator.objects.get(name=name)
    return read(client, reverse("metrics:generator-detail", args=[generator.pk]), **query)


def counts(world: World, name: str) -> tuple[np.ndarray, np.ndarray]:
    errors, ended = np.zeros(9, dtype=np.int64), np.zeros(10, dtype=np.int64)
    for trace in mine(world, name):
        label = labels(world)[trace.pk]
        if label >= 0:
            errors[label] += 1
        else:
            ended[trace.step_count] += 1
    return errors, ended


def shares(page: Tag) -> dict[str, dict[str, list[str]]]:
    return {
        table.caption.get_text(): {
            words(row, "th")[0]: words(row, "td.number") for row in table.select("tr.measured")
        }
        for table in page.select("table.parts")
    }


def test_survival_is_kaplan_and_meiers(reader: Client, world: World) -> None:
    page = page_of(reader, "writer")
    chart = next(f for f in page.select("figure") if "survival" in str(f["data-spec-url"]))
    expected = survival(*counts(world, "writer"))
    dash = lambda value: "–" if value is None else f"{value:.3f}"  # noqa: E731
    assert [row[1:] for row in table_rows(chart, "table.chart-table")] == [
        [str(p.step), dash(p.right), dash(p.low), dash(p.high), str(p.at_risk), str(p.errors)]
        for p in expected
    ]


def test_two_generators_stand_side_by_side(reader: Client, world: World) -> None:
    other = Generator.objects.exclude(name="writer").get()
    page = page_of(reader, "writer", compare_with=str(other.pk))
    test = log_rank(*counts(world, "writer"), *counts(world, other.name))
    assert test is not None
    assert f"p = {test.p:.3f}" in page.get_text()
    assert [words(s, "h2") for s in page.select("section.generator")] == [["writer"], [other.name]]
    traces = [words(s, "dl.facts dd")[0].split(",")[0] for s in page.select("section.generator")]
    assert traces == [str(len(mine(world, "writer"))), str(len(mine(world, other.name)))]


def test_right_answers_by_a_wrong_process_and_the_reverse(reader: Client, world: World) -> None:
    facts = words(page_of(reader, "writer"), "dl.facts dd")
    label = labels(world)
    right = [t for t in mine(world, "writer") if t.final_answer_correct]
    wrong = [t for t in mine(world, "writer") if t.final_answer_correct is False]
    by_wrong = wilson_rate(sum(label[t.pk] >= 0 for t in right), len(right))
    by_right = wilson_rate(sum(label[t.pk] < 0 for t in wrong), len(wrong))
    for fact, expected in zip(facts[2:4], [by_wrong, by_right], strict=True):
        assert fact.startswith(
            f"{percentage(expected.value)} {expected.count} of {expected.of} traces"
        )


def test_errors_by_subset_difficulty_and_length(reader: Client, world: World) -> None:
    page = page_of(reader, "writer")
    found = shares(page)
    label = labels(world)

    def expected(traces: list[Trace]) -> list[str]:
        one = wilson_rate(sum(label[t.pk] >= 0 for t in traces), len(traces))
        assert one.value is not None
        assert one.low is not None
        assert one.high is not None
        between = f"{100 * one.low:.1f} to {100 * one.high:.1f}"
        return [f"{100 * one.value:.1f}", between, f"{one.count} of {one.of}"]

    own = mine(world, "writer")
    for subset in ("gsm8k", "math"):
        shown = found["Errors by subset"][subset]
        wanted = expected([t for t in own if t.problem.subset == subset])
        hidden = f" traces with an error: {subset}"
        assert [*shown[:2], shown[2].replace(hidden, "")] == wanted
    bands: dict[str, list[Trace]] = {}
    for trace in own:
        known = [
            t.final_answer_correct
            for t in world.traces
            if t.problem_id == trace.problem_id and t.final_answer_correct is not None
        ]
        number = band(sum(known), len(known))
        name = NAMES[number] if number >= 0 else "no known final answers"
        bands.setdefault(name, []).append(trace)
    assert found["By difficulty of the problem"] == {
        name: expected(traces) for name, traces in bands.items()
    }
    lengths = found["By number of steps"].values()
    assert sum(int(row[2].split(" of ")[1]) for row in lengths) == len(own)
    for link in page.select("table.parts td a"):
        behind = read(reader, str(link["href"])).select("tbody a[href^='/traces/']")
        assert len(behind) == int(words(link.parent, "a")[0].split()[0])


def test_every_source_is_said_and_adds_up(reader: Client, world: World) -> None:
    Verdict.objects.filter(judge=world.reference, trace__in=world.traces[:20]).delete()
    rows = table_rows(read(reader, reverse("metrics:generator-list")), "table.sources")
    shown = {row[0]: int(row[1]) for row in rows}
    people = {
        trace.pk
        for trace in world.traces[:20]
        if trace.verdicts.filter(judge__in=world.people).exists()
    }
    assert shown == {
        "dataset labels": 40,
        "human": len(people),
        "model only": 20 - len(people),
    }


def test_the_true_error_rate_is_the_functions(reader: Client, world: World) -> None:
    truth = np.full(len(world.traces), np.nan)
    model = np.full(len(world.traces), np.nan)
    for place, trace in enumerate(world.traces):
        said = trace.verdicts.filter(judge__in=world.people)
        if said:
            truth[place] = np.mean([verdict.earliest_error >= 0 for verdict in said])
        model[place] = trace.verdicts.get(judge=world.prm).earliest_error >= 0
    chances = np.full(len(truth), 0.5)
    problems = np.array([trace.problem_id for trace in world.traces])
    page = read(reader, reverse("metrics:error-rate"), judge=str(world.prm.pk))
    rows = {row[0]: row for row in table_rows(page.select_one("section.rate"), "table.parts")}
    alone = classical(truth, chances, problems=problems)
    forms = {
        "labels only": alone,
        "stratified by the model's verdict": stratified(truth, model, chances, problems=problems),
        "prediction-powered, tuned (PPI++)": powered(truth, model, chances, problems=problems),
        "prediction-powered (PPI)": powered(truth, model, chances, problems=problems, power=1.0),
    }
    assert alone is not None
    for name, one in forms.items():
        assert one is not None
        row = rows[name]
        assert row[2] == f"{100 * one.value:.1f} %"
        assert row[3] == f"{100 * one.interval.low:.1f} to {100 * one.interval.high:.1f}"
        needed = labels_needed(one)
        # Sixty traces are fewer than the labels that it would take.
        left = int(np.isnan(truth).sum())
        assert needed is None or needed > left
        wanted = f"{needed:,}; only {left:,} left" if needed else "more traces, not labels"
        assert row[5] == wanted
        if one is not alone:
            assert row[4] == f"× {effective_gain(alone, one):.2f}"
    assert "too few labels" in rows["prediction-powered (PPI)"][6]


def test_labels_of_unknown_probability_are_left_out_and_said(reader: Client, world: World) -> None:
    Verdict.objects.filter(judge=world.people[1]).update(inclusion_probability=None)
    only = {
        t.pk
        for t in world.traces
        if {v.judge_id for v in t.verdicts.filter(judge__in=world.people)} == {world.people[1].pk}
    }
    page = read(reader, reverse("metrics:error-rate"), judge=str(world.prm.pk))
    assert f"{len(only)} human labels excluded" in " ".join(page.get_text().split())


def test_memorization_is_the_functions(reader: Client, world: World) -> None:
    problems = sorted({trace.problem_id for trace in world.traces})
    pairs = []
    for original, variant in zip(problems[::2], problems[1::2], strict=False):
        ProblemVariant.objects.create(problem_id=variant, original_id=original, kind="numbers")
        pairs.append((original, variant))
    expected = []
    for original, variant in pairs:
        known = [
            [
                t.final_answer_correct
                for t in mine(world, "writer")
                if t.problem_id == problem and t.final_answer_correct is not None
            ]
            for problem in (original, variant)
        ]
        if all(known):
            a, b = (sum(answers) / len(answers) for answers in known)
            expected.append(VariantPair(str(original), str(original), a, b))
    figures = memorization(expected)
    rows = table_rows(read(reader, reverse("metrics:robustness")), "table.parts")
    row = next(row for row in rows if row[0] == "writer")
    for cell, one in zip(
        row[2:6],
        [figures.score, figures.accuracy, figures.variant_accuracy, figures.consistency],
        strict=True,
    ):
        assert one.value is not None
        assert cell.split()[0] == f"{one.value:.3f}"
    assert row[6] == str(len(expected))


def test_copies_of_benchmarks_are_counted(reader: Client, world: World) -> None:
    bench = Dataset.objects.create(name="official", is_benchmark=True)
    copies = [factories.make_trace(bench, problem=f"copy {n}").problem for n in range(3)]
    own = sorted({trace.problem_id for trace in world.traces})[:3]
    for problem, copy, similarity in zip(own, copies, (1.0, 1.0, 0.9), strict=True):
        ProblemMatch.objects.create(first_id=problem, second=copy, similarity=similarity)
    page = read(reader, reverse("metrics:robustness"))
    assert table_rows(page, "table.copies") == [["bench", "official", "2", "1"]]
    # The one that is there word for word is also like another: it counts once.
    ProblemMatch.objects.create(first_id=own[0], second=copies[1], similarity=0.8)
    page = read(reader, reverse("metrics:robustness"))
    assert table_rows(page, "table.copies") == [["bench", "official", "2", "1"]]


def test_subsets_of_the_same_name_stay_apart_over_all_datasets(
    reader: Client, world: World
) -> None:
    make_world(3, name="other")
    parts = shares(page_of(reader, "writer", dataset=""))["Errors by subset"]
    names = ["bench / gsm8k", "bench / math", "other / gsm8k", "other / math"]
    assert sorted(parts) == names
    people = read(reader, reverse("metrics:agreement-people"), dataset="")
    by_subset = words(people.select("table.groups")[1], "tbody th")
    judge = read(reader, reverse("metrics:judge-detail", args=[world.prm.pk]), dataset="")
    assert sorted(by_subset) == names
    assert [cell in str(judge) for cell in names] == [True, True, False, False]
