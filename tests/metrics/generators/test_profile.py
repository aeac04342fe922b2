"""A generator's error profile, and the same numbers on its page."""

import numpy as np
import pytest
from bs4 import Tag
from django.test import Client
from django.urls import reverse

from metrics.stats.difficulty import NAMES, band
from metrics.stats.survival import log_rank, survival
from metrics.stats.wilson import wilson_rate
from tests.metrics.page_reader import generator_page, read, table_rows, words
from tests.metrics.worlds import World, make_world, reference_labels, traces_of
from traces.models import Generator, Trace

pytestmark = pytest.mark.django_db


def counts(world: World, name: str) -> tuple[np.ndarray, np.ndarray]:
    errors, ended = np.zeros(9, dtype=np.int64), np.zeros(10, dtype=np.int64)
    for trace in traces_of(world, name):
        label = reference_labels(world)[trace.pk]
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
    page = generator_page(reader, "writer")
    chart = next(f for f in page.select("figure") if "survival" in str(f["data-spec-url"]))
    expected = survival(*counts(world, "writer"))
    dash = lambda value: "–" if value is None else f"{value:.3f}"  # noqa: E731
    assert [row[1:] for row in table_rows(chart, "table.chart-table")] == [
        [str(p.step), dash(p.right), dash(p.low), dash(p.high), str(p.at_risk), str(p.errors)]
        for p in expected
    ]


def test_two_generators_stand_side_by_side(reader: Client, world: World) -> None:
    other = Generator.objects.exclude(name="writer").get()
    page = generator_page(reader, "writer", compare_with=str(other.pk))
    test = log_rank(*counts(world, "writer"), *counts(world, other.name))
    assert test is not None
    assert f"p = {test.p:.3f}" in page.get_text()
    assert [words(s, "h2") for s in page.select("section.generator")] == [["writer"], [other.name]]
    traces = [words(s, "dl.facts dd")[0].split(",")[0] for s in page.select("section.generator")]
    assert traces == [str(len(traces_of(world, "writer"))), str(len(traces_of(world, other.name)))]


def test_errors_by_subset_difficulty_and_length(reader: Client, world: World) -> None:
    page = generator_page(reader, "writer")
    found = shares(page)
    label = reference_labels(world)

    def expected(traces: list[Trace]) -> list[str]:
        one = wilson_rate(sum(label[t.pk] >= 0 for t in traces), len(traces))
        assert one.value is not None
        assert one.low is not None
        assert one.high is not None
        between = f"{100 * one.low:.1f} to {100 * one.high:.1f}"
        return [f"{100 * one.value:.1f}", between, f"{one.count} of {one.of}"]

    own = traces_of(world, "writer")
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


def test_subsets_of_the_same_name_stay_apart_over_all_datasets(
    reader: Client, world: World
) -> None:
    make_world(3, name="other")
    parts = shares(generator_page(reader, "writer", dataset=""))["Errors by subset"]
    names = ["bench / gsm8k", "bench / math", "other / gsm8k", "other / math"]
    assert sorted(parts) == names
    people = read(reader, reverse("metrics:agreement-people"), dataset="")
    by_subset = words(people.select("table.groups")[1], "tbody th")
    judge = read(reader, reverse("metrics:judge-detail", args=[world.prm.pk]), dataset="")
    assert sorted(by_subset) == names
    assert [cell in str(judge) for cell in names] == [True, True, False, False]
