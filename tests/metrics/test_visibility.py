"""Who judged what is members' own business: a stranger finds no name of it anywhere."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_trace, make_user
from tests.metrics.page_reader import read
from tests.metrics.worlds import GENERATORS, World, make_world
from traces.models import DatasetMember, Generator, Judge

pytestmark = pytest.mark.django_db

LISTS = [
    "judge-list",
    "agreement-matrix",
    "agreement-people",
    "generator-list",
    "error-rate",
    "robustness",
]


@pytest.fixture
def open_world() -> World:
    return make_world()


@pytest.fixture
def closed(open_world: World) -> World:
    """Judged by people of its own and, as queues do, by a consensus under the dataset's name."""
    world = make_world(5, traces=30, name="secret")
    consensus = Judge.objects.create(kind="consensus", name="secret/first pass", revision="queue 3")
    for verdict in world.people[0].verdicts.all()[:5]:
        verdict.pk, verdict.judge = None, consensus
        verdict.save()
    world.dataset.members_only = True
    world.dataset.save()
    return world


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of_closed(closed: World) -> list[Judge]:
    return [*closed.people, closed.reference, Judge.objects.get(kind="consensus")]


def test_judges_are_seen_by_who_sees_what_they_judged(open_world: World, closed: World) -> None:
    stranger, member, lead = make_user("stranger"), make_user("member"), make_user(role="lead")
    DatasetMember.objects.create(dataset=closed.dataset, user=member)
    seen = {user: set(Judge.objects.visible_to(user)) for user in (stranger, member, lead)}
    assert seen[lead] == seen[member] == set(Judge.objects.all())
    assert seen[lead] - seen[stranger] == set(of_closed(closed))
    assert {closed.prm, closed.critic} < seen[stranger]


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_finds_no_person_of_a_closed_dataset(
    open_world: World, closed: World, name: str
) -> None:
    path = reverse(f"metrics:{name}")
    page = read(client_of(make_user("stranger")), path, dataset="")
    for judge in [*closed.people, *Judge.objects.filter(kind="consensus")]:
        assert judge.name not in str(page)
        assert f'<option value="{judge.pk}"' not in str(page)
    assert "<main" in str(page)


def test_a_member_finds_them(open_world: World, closed: World) -> None:
    member = make_user("member")
    DatasetMember.objects.create(dataset=closed.dataset, user=member)
    page = read(client_of(member), reverse("metrics:judge-list"), dataset="")
    for judge in [*closed.people, *Judge.objects.filter(kind="consensus")]:
        assert page.select(f'select[name="reference"] option[value="{judge.pk}"]')


def test_a_stranger_finds_no_page_of_them(open_world: World, closed: World) -> None:
    stranger, lead = client_of(make_user("stranger")), client_of(make_user(role="lead"))
    for judge in of_closed(closed):
        paths = [
            reverse("metrics:judge-detail", args=[judge.pk]),
            reverse("metrics:judge-figure", args=[judge.pk, "votes", "csv"]),
            f"/api/datasets/bench/judges/{judge.pk}",
            f"/api/datasets/bench/leaderboard?reference={judge.pk}",
            f"/api/datasets/bench/generators?judge={judge.pk}",
        ]
        assert {stranger.get(path).status_code for path in paths} == {404}
        assert lead.get(paths[0]).status_code == 200
    reference = {"reference": str(closed.people[0].pk), "dataset": "bench"}
    assert stranger.get(reverse("metrics:judge-list"), reference).status_code == 400
    # Someone who judged an open dataset too is known there.
    assert (
        stranger.get(reverse("metrics:judge-detail", args=[open_world.people[0].pk])).status_code
        == 200
    )


def test_a_stranger_finds_no_page_of_a_generator_of_a_closed_dataset(
    open_world: World, closed: World
) -> None:
    stranger, member, lead = make_user("stranger"), make_user("member"), make_user(role="lead")
    DatasetMember.objects.create(dataset=closed.dataset, user=member)
    hidden = make_trace(closed.dataset, generator="hushed model").generator
    shared = Generator.objects.get(name=GENERATORS[0])
    seen = {user: set(Generator.objects.visible_to(user)) for user in (stranger, member, lead)}
    assert hidden not in seen[stranger]
    assert shared in seen[stranger]
    assert seen[member] == seen[lead] == set(Generator.objects.all())
    paths = [
        reverse("metrics:generator-detail", args=[hidden.pk]),
        reverse("metrics:generator-chart", args=["survival", "csv"]) + f"?generator={hidden.pk}",
        f"/api/datasets/bench/generators/{hidden.pk}",
    ]
    assert [client_of(stranger).get(path).status_code for path in paths] == [404] * 3
    assert [client_of(member).get(path).status_code for path in paths] == [200] * 3


def test_figures_of_all_datasets_leave_out_those_one_may_not_see(
    reader: Client, world: World
) -> None:
    hidden = make_world(5, traces=30, name="secret")
    paths = [
        reverse("metrics:judge-list"),
        reverse("metrics:agreement-matrix"),
        reverse("metrics:agreement-people"),
        reverse("metrics:generator-list"),
        reverse("metrics:error-rate"),
        reverse("metrics:judge-detail", args=[world.prm.pk]),
    ]
    before = {path: read(reader, path, dataset="").select_one("main") for path in paths}
    for path in paths[:3]:
        assert "secret" in str(before[path])
    hidden.dataset.members_only = True
    hidden.dataset.save()
    for path in paths:
        page = read(reader, path, dataset="")
        tables = " ".join(str(table) for table in page.select("table"))
        assert "secret" not in tables
        assert reader.get(path, {"dataset": "secret"}).status_code == 400
    DatasetMember.objects.create(dataset=hidden.dataset, user=User.objects.get(username="reader"))
    assert "secret" in str(read(reader, paths[0], dataset="").select_one("main"))
