import pytest

from metrics.generators.errors import generator_errors
from metrics.generators.profile import all_errors
from metrics.judges.leaderboard import build_leaderboard, leaderboard
from metrics.stats.bootstrap import f1_intervals
from metrics.summaries.queries import cells, label_pairs, sources, summary_counts
from tests.metrics.worlds import World, make_world
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def test_the_leaderboard_is_that_of_the_verdicts(world: World) -> None:
    for reference in (None, world.prm, world.people[0]):
        found = summary_counts([world.dataset.pk], world.dataset, reference)
        board = build_leaderboard(world.dataset, reference, found, intervals=f1_intervals)
        assert board == leaderboard(world.dataset, reference)
        assert len(board.judges) == 4


def test_the_leaderboard_of_all_datasets_is_that_of_the_verdicts(world: World) -> None:
    other = make_world(8, name="other")
    found = summary_counts([world.dataset.pk, other.dataset.pk], None, None)
    assert build_leaderboard(None, None, found, intervals=f1_intervals) == leaderboard(None, None)


def test_the_generators_are_those_of_the_verdicts(world: World) -> None:
    for judge in (None, world.critic):
        assert all_errors([world.dataset.pk], judge) == generator_errors(world.dataset, judge)


def test_pairs_and_cells_are_the_verdicts_own(world: World) -> None:
    labels: dict[int, dict[int, int | None]] = {}
    for trace, judge, label in Verdict.objects.filter(
        is_current=True, trace__is_current_segmentation=True
    ).values_list("trace_id", "judge_id", "earliest_error"):
        labels.setdefault(trace, {})[judge] = label
    a, b = sorted([world.prm.pk, world.critic.pk])
    both = [(said[a], said[b]) for said in labels.values() if None not in (said[a], said.get(b))]
    found = label_pairs([world.dataset.pk], [a, b])[a, b]
    assert sum(n for *_, n in found) == len(both)
    assert {(x, y): n for x, y, n in found} == {pair: both.count(pair) for pair in set(both)}
    against = [
        (said[world.reference.pk], said[world.critic.pk])
        for said in labels.values()
        if world.critic.pk in said
    ]
    assert {(x, y): n for x, y, n in cells([world.dataset.pk], None, world.critic)} == {
        pair: against.count(pair) for pair in set(against)
    }


def test_sources_count_every_trace_once(world: World) -> None:
    found = sources([world.dataset.pk])
    assert sum(found.values()) == len(world.traces)
    assert all(kinds & 1 and kinds & 8 for kinds in found)
    with_people = {t.pk for t in world.traces if t.verdicts.filter(judge__in=world.people).exists()}
    assert sum(n for kinds, n in found.items() if kinds & 2) == len(with_people)
