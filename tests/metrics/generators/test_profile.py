"""A generator's error profile, and the same numbers on its page."""

import numpy as np
import pytest
from bs4 import Tag
from django.test import Client
from django.urls import reverse

from metrics.generators.errors import summarise
from metrics.generators.profile import (
    by_length,
    compare,
    error_rate,
    profile,
    source_shares,
    survival_counts,
)
from metrics.stats.difficulty import NAMES, band
from metrics.stats.survival import log_rank, survival
from metrics.stats.wilson import wilson_rate
from metrics.summaries.queries import Group
from tests.factories import make_trace
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


def test_traces_without_a_usable_answer_have_no_part_in_the_error_rate() -> None:
    groups = [Group(3, 0, None, 1), Group(3, -1, None, 2), Group(3, None, None, 5)]
    assert error_rate(groups) == wilson_rate(1, 3)
    assert error_rate([]) == error_rate(groups[2:]) == wilson_rate(0, 0)


def test_error_rates_by_length_are_in_the_order_of_the_bands() -> None:
    shares = by_length([Group(40, -1, None, 1), Group(2, 0, None, 2), Group(3, -1, None, 1)])
    assert [(share.name, share.query, share.errors) for share in shares] == [
        ("1 to 3", "1 to 3", wilson_rate(2, 3)),
        ("31 or more", "31 or more", wilson_rate(0, 1)),
    ]
    assert by_length([]) == []


def test_survival_counts_have_a_place_for_every_step_and_length() -> None:
    groups = [Group(4, 2, None, 3), Group(2, -1, None, 5), Group(4, None, None, 1)]
    errors, ended = survival_counts(summarise(Generator(name="g"), groups, {}))
    assert errors.tolist() == [0, 0, 3]
    assert ended.tolist() == [0, 0, 5]
    nothing = summarise(Generator(name="g"), groups[2:], {})
    assert [counts.tolist() for counts in survival_counts(nothing)] == [[], []]
    assert compare(nothing, nothing) is None


def test_a_trace_counts_for_its_most_trusted_source() -> None:
    # Dataset labels 1, people 2, a consensus 4, models 8.
    shares = source_shares({1 | 2 | 8: 10, 2 | 4: 5, 2: 3, 8: 1, 0: 1})
    assert [(share.name, share.traces) for share in shares] == [
        ("reference", wilson_rate(10, 20)),
        ("consensus", wilson_rate(5, 20)),
        ("human", wilson_rate(3, 20)),
        ("model", wilson_rate(1, 20)),
        ("none", wilson_rate(1, 20)),
    ]
    assert {share.traces for share in source_shares({})} == {wilson_rate(0, 0)}


def test_a_generator_without_judged_traces_has_no_profile(world: World) -> None:
    generator = make_trace(world.dataset, generator="silent").generator
    assert profile([world.dataset.pk], None, generator) is None
