import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.agreement.tables import GROUP_HEADS, PAIR_HEADS
from metrics.stats.agreement import agreement, pair_agreement
from tests.metrics.page_reader import read, table_rows, words
from tests.metrics.worlds import World, make_world
from traces.models import Judge, Verdict

pytestmark = pytest.mark.django_db

MATRIX, PEOPLE = reverse("metrics:agreement-matrix"), reverse("metrics:agreement-people")


def ratings(world: World, judges: list[Judge], **which: int) -> tuple[np.ndarray, np.ndarray]:
    """Shape (traces, judges), and the problems."""
    found = np.full((len(world.traces), len(judges)), np.nan)
    place = {trace.pk: number for number, trace in enumerate(world.traces)}
    for column, judge in enumerate(judges):
        for verdict in Verdict.objects.filter(judge=judge, is_current=True, **which):
            if verdict.trace_id in place and verdict.earliest_error is not None:
                found[place[verdict.trace_id], column] = verdict.earliest_error
    return found, np.array([trace.problem_id for trace in world.traces])


@pytest.mark.parametrize("figure", ["exact", "within", "cohen", "found_exact", "found_cohen"])
def test_the_matrix_is_the_functions(reader: Client, world: World, figure: str) -> None:
    judges = [world.reference, *world.people, world.critic, world.prm]
    found, problems = ratings(world, judges)
    shown = table_rows(read(reader, MATRIX, figure=figure), "table.matrix")
    assert [row[0] for row in shown] == [
        "dataset labels of bench",
        *(" ".join(judge.name.split()) for judge in judges[1:]),
    ]
    for i, row in enumerate(shown):
        for j, cell in enumerate(row[1:]):
            if i == j:
                assert cell == ""
                continue
            one = pair_agreement(found[:, i], found[:, j], problems, resamples=1)
            assert cell == f"{getattr(one, figure).value:.2f}"


def text(estimate: object) -> str:
    value, interval = estimate.value, estimate.interval  # type: ignore[attr-defined]
    if value is None:
        return "–"
    between = f" {interval.low:.2f} to {interval.high:.2f}" if interval else ""
    return f"{value:.2f}{between}"


@pytest.mark.parametrize("queue", [None, 3])
def test_peoples_agreement_is_the_functions(
    reader: Client, world: World, queue: int | None
) -> None:
    which = {} if queue is None else {"origin_id": queue}
    found, problems = ratings(world, list(world.people), **which)
    page = read(reader, PEOPLE, **({} if queue is None else {"queue": str(queue)}))
    together = agreement(found, problems)
    values = [words(row, "td.number") for row in page.select("table.parts tr.measured")]
    assert [" ".join(value).strip() for value in values] == [
        text(getattr(together, field))
        for field in (
            "exact",
            "within",
            "fleiss",
            "alpha_nominal",
            "alpha_ordinal",
            "found_exact",
            "found_fleiss",
            "found_alpha",
        )
    ]
    pair = pair_agreement(found[:, 0], found[:, 1], problems)
    names = " and ".join(judge.name for judge in world.people)
    assert table_rows(page, "table.pairs") == [
        [names, str(pair.traces), *(text(getattr(pair, field)) for field in PAIR_HEADS)]
    ]
    subsets = np.array([trace.problem.subset for trace in world.traces])
    shown = {row[0]: row for row in table_rows(page, "table.groups") if row[0] in subsets}
    for subset in ("gsm8k", "math"):
        here = agreement(found[subsets == subset], problems[subsets == subset])
        assert shown[subset][1:] == [
            str(here.traces),
            *(text(getattr(here, field)) for field in GROUP_HEADS),
        ]


def test_a_queue_without_shared_labels_says_so(reader: Client, world: World) -> None:
    page = read(reader, PEOPLE, queue="99")
    assert page.select_one("p.empty") is not None
    assert page.select("table") == []


def test_pages_take_the_same_queries_however_many_traces(reader: Client, world: World) -> None:
    make_world(9, traces=90, name="larger")
    for path in (MATRIX, PEOPLE):
        counts = []
        for name in ("bench", "larger"):
            read(reader, path, dataset=name)
            with CaptureQueriesContext(connection) as queries:
                read(reader, path, dataset=name)
            counts.append(len(queries))
        assert counts[0] == counts[1] < 20
