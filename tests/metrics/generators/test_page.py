import pytest
from django.test import Client
from django.urls import reverse

from metrics.generators.page import source_rows
from metrics.generators.tables import percentage
from metrics.stats.wilson import wilson_rate
from metrics.summaries import refresh
from tests.factories import make_trace
from tests.metrics.page_reader import generator_page, read, table_rows, words
from tests.metrics.rows import label_traces, make_dataset
from tests.metrics.worlds import World, reference_labels, traces_of
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def test_right_answers_by_a_wrong_process_and_the_reverse(reader: Client, world: World) -> None:
    facts = words(generator_page(reader, "writer"), "dl.facts dd")
    label = reference_labels(world)
    right = [t for t in traces_of(world, "writer") if t.final_answer_correct]
    wrong = [t for t in traces_of(world, "writer") if t.final_answer_correct is False]
    by_wrong = wilson_rate(sum(label[t.pk] >= 0 for t in right), len(right))
    by_right = wilson_rate(sum(label[t.pk] < 0 for t in wrong), len(wrong))
    for fact, expected in zip(facts[2:4], [by_wrong, by_right], strict=True):
        assert fact.startswith(
            f"{percentage(expected.value)} {expected.count} of {expected.of} traces"
        )


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


def test_sources_without_traces_have_no_row() -> None:
    dataset, reference = make_dataset()
    assert source_rows([dataset.pk]) == []
    (trace,) = label_traces(dataset, reference, "s", [-1])
    make_trace(dataset, generator="silent")
    refresh.update()
    rows = source_rows([dataset.pk])
    assert [(row.name, row.traces, row.share) for row in rows] == [
        ("dataset labels", "1", "50.0 %"),
        ("nobody", "1", "50.0 %"),
    ]
    own = source_rows([dataset.pk], trace.generator_id)
    assert [(row.name, row.share) for row in own] == [("dataset labels", "100.0 %")]
