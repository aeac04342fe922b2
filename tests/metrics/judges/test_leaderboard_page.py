from typing import Any

import pytest
from django.http import QueryDict

from metrics.judges.filters import LeaderboardFilter
from metrics.judges.leaderboard import leaderboard
from metrics.judges.leaderboard_page import comparisons_view, leaderboard_view
from metrics.reports import cache as reports_cache
from metrics.stats.paired_tests import holm
from metrics.summaries import refresh
from tests.factories import make_user
from tests.metrics.rows import label_traces, make_dataset
from tests.metrics.worlds import World
from traces.models import SavedFilter

pytestmark = pytest.mark.django_db


def form_of(query: str = "") -> Any:
    form = LeaderboardFilter(QueryDict(query), user=make_user())
    assert form.is_valid(), form.errors
    return form


def test_the_leaderboard_is_that_of_the_verdicts(world: World) -> None:
    view = leaderboard_view(form_of())
    assert not view.is_stale
    assert view.board == leaderboard(world.dataset)
    one = leaderboard_view(form_of(), judge=world.critic.pk).board
    assert one is not None
    assert [row.judge for row in one.judges] == [world.critic]


def test_the_leaderboard_of_a_selection_counts_its_traces(world: World) -> None:
    SavedFilter.objects.create(dataset=world.dataset, name="mine", choices={"subset": "math"})
    board = leaderboard_view(form_of("selection=mine")).board
    assert board is not None
    assert [subset.name for subset in board.subsets] == ["math"]
    assert board.labelled == sum(trace.problem.subset == "math" for trace in world.traces)


def test_a_selection_of_many_traces_waits_for_a_worker(
    world: World, monkeypatch: pytest.MonkeyPatch, sent: list
) -> None:
    monkeypatch.setattr(reports_cache, "FEW_TRACES", 5)
    SavedFilter.objects.create(dataset=world.dataset, name="mine", choices={"subset": "math"})
    view = leaderboard_view(form_of("selection=mine"))
    assert (view.board, view.is_stale) == (None, True)


def test_judges_are_compared_with_the_best_or_with_the_chosen_one(world: World) -> None:
    board = leaderboard(world.dataset)
    best = comparisons_view(form_of(), board)
    assert best is not None
    assert best.base == board.judges[0].judge
    assert set(best.by_judge) == {row.judge.pk for row in board.judges[1:]}
    view = comparisons_view(form_of(f"against={world.prm.pk}"), board)
    assert view is not None
    assert (view.base, view.base_name) == (world.prm, world.prm.name)
    assert world.prm.pk not in view.by_judge


def test_p_values_are_corrected_as_chosen(world: World) -> None:
    board = leaderboard(world.dataset)
    view = comparisons_view(form_of(), board)
    assert view is not None
    p_values = [row.comparison.f1.permutation_p for row in view.by_judge.values()]
    assert list(view.adjusted_p.values()) == holm(p_values)
    other = comparisons_view(form_of("correction=discovery"), board)
    assert other is not None
    assert (view.correction.name, other.correction.name) == ("Holm", "Benjamini and Hochberg")


def test_one_judge_or_none_is_compared_with_nothing(world: World) -> None:
    one = leaderboard(world.dataset, judges=[world.prm.pk])
    assert comparisons_view(form_of(), one) is None
    dataset, reference = make_dataset("unjudged")
    label_traces(dataset, reference, "s", [-1])
    refresh.update()
    assert comparisons_view(form_of(), leaderboard(dataset)) is None
