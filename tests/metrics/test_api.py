import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from metrics.agreement.report import pairwise_agreement
from metrics.generators.errors import generator_errors
from metrics.judges.leaderboard import leaderboard
from metrics.judges.output import leaderboard_json
from tests.metrics.worlds import World

pytestmark = pytest.mark.django_db


def test_the_leaderboard_is_that_of_the_verdicts(reader: Client, world: World) -> None:
    answer = reader.get("/api/datasets/bench/leaderboard").json()
    assert answer["figures"] == leaderboard_json(leaderboard(world.dataset))
    assert answer["fresh"]["waiting"] == 0
    against = reader.get(f"/api/datasets/bench/leaderboard?reference={world.prm.pk}").json()
    assert against["figures"] == leaderboard_json(leaderboard(world.dataset, world.prm))


def test_a_judges_figures_add_up_to_its_traces(reader: Client, world: World) -> None:
    figures = reader.get(f"/api/datasets/bench/judges/{world.critic.pk}").json()["figures"]
    judged = world.critic.verdicts.filter(trace__is_current_segmentation=True).count()
    assert sum(figures["outcomes"].values()) == judged
    assert figures["report"]["traces"] == judged
    assert sum(part["score"]["n"] for part in figures["report"]["parts"]["subset"]) == judged


def test_agreement_has_every_pair(reader: Client, world: World) -> None:
    pairs = reader.get("/api/datasets/bench/agreement").json()["figures"]["pairs"]
    judges = [world.reference, world.prm, world.critic, *world.people]
    expected = pairwise_agreement([world.dataset.pk], [judge.pk for judge in judges])
    assert sorted(pair["traces"] for pair in pairs) == sorted(p.traces for p in expected.values())


def test_generators_have_the_verdicts_figures(
    reader: Client, world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        rows = reader.get("/api/datasets/bench/generators").json()["figures"]["generators"]
    expected = generator_errors(world.dataset, None)
    assert [row["errors"]["value"] for row in rows] == [one.errors.value for one in expected]
    one = expected[0]
    path = f"/api/datasets/bench/generators/{one.generator.pk}"
    found = reader.get(path).json()["figures"]
    assert found["right_by_wrong"]["count"] == one.right_by_wrong.count
    assert sum(share["traces"]["count"] for share in found["sources"]) == one.traces


def test_what_one_may_not_see_is_not_found(reader: Client, world: World) -> None:
    world.dataset.members_only = True
    world.dataset.save()
    for path in ("leaderboard", "agreement", "generators", f"judges/{world.prm.pk}"):
        assert reader.get(f"/api/datasets/bench/{path}").status_code == 404
    assert reader.get("/api/datasets/nothing/leaderboard").status_code == 404
