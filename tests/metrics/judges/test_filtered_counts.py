import pytest
from django.test import Client
from django.urls import reverse

from metrics.judges.filtered_counts import selected_counts
from metrics.reports.query import MetricsQuery
from metrics.summaries.live_queries import live_counts
from tests.metrics.page_reader import judge_page, read, table_rows, words
from tests.metrics.worlds import World, verdict_pairs
from traces.models import SavedFilter

pytestmark = pytest.mark.django_db


def test_a_selection_of_traces_is_what_is_measured(reader: Client, world: World) -> None:
    SavedFilter.objects.create(dataset=world.dataset, name="mine", choices={"subset": "math"})
    page = judge_page(reader, world.critic, selection="mine")
    (row,) = table_rows(page, "table.outcomes")
    judged = sum(
        trace.problem.subset == "math" for trace, _, _ in verdict_pairs(world, world.critic)
    )
    assert row[:2] == ["math", str(judged)]
    board = read(reader, reverse("metrics:judge-list"), selection="mine")
    assert words(board, "table.leaderboard thead th.number")[2:] == ["math"]
    gone = reader.get(reverse("metrics:judge-list"), {"selection": "nobody's"})
    assert gone.status_code == 400


def test_counts_of_a_selection_are_of_its_traces_judge_and_reference(world: World) -> None:
    math = [trace.pk for trace in world.traces if trace.problem.subset == "math"]
    query = MetricsQuery((world.dataset.pk,), choices=(("subset", "math"),))
    assert selected_counts(query) == live_counts(world.dataset, None, traces=math)
    chosen = MetricsQuery(
        (world.dataset.pk,),
        reference=world.prm.pk,
        judge=world.critic.pk,
        choices=(("subset", "math"),),
    )
    counts = selected_counts(chosen)
    assert counts == live_counts(world.dataset, world.prm, judges=[world.critic.pk], traces=math)
    assert list(counts.verdicts) == [world.critic.pk]
