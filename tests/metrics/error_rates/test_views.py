import pytest
from django.test import Client
from django.urls import reverse

from metrics.summaries import refresh
from tests.factories import make_user, make_verdict
from tests.metrics.page_reader import read, words
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from tests.metrics.worlds import World
from traces.models import Judge, Verdict

pytestmark = pytest.mark.django_db

PAGE = reverse("metrics:error-rate")


def test_without_a_choice_the_model_is_the_one_with_most_verdicts(
    reader: Client, world: World
) -> None:
    assert read(reader, PAGE).select(f"main a[href='/judges/{world.prm.pk}/']")
    verdicts = Verdict.objects.filter(judge=world.prm, trace__in=world.traces[:50])
    verdicts.delete()
    page = read(reader, PAGE)
    assert page.select(f"main a[href='/judges/{world.critic.pk}/']")
    assert not page.select(f"main a[href='/judges/{world.prm.pk}/']")


def test_each_generator_has_a_row(reader: Client, world: World) -> None:
    page = read(reader, PAGE)
    links = [str(link["href"]) for link in page.select("main table a[href*='/generators/']")]
    generators = {trace.generator_id for trace in world.traces}
    assert len(links) == len(generators)
    assert {int(link.split("?")[0].strip("/").split("/")[-1]) for link in links} == generators
    assert "<b>poet</b>" in page.get_text()


def test_without_verdicts_or_labels_the_page_says_what_to_do(reader: Client) -> None:
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "s", [-1, 1])
    (empty,) = words(read(reader, PAGE), "p.empty")
    assert empty == "No model verdicts here yet. Start a scoring run."
    judge_traces(make_model("prm"), traces, [-1, None])
    refresh.update()
    (empty,) = words(read(reader, PAGE), "p.empty")
    assert empty.startswith("No human labels with a known sampling probability here.")


def test_labels_without_a_known_probability_are_counted(reader: Client) -> None:
    dataset, reference = make_dataset()
    (trace,) = label_traces(dataset, reference, "s", [1])
    make_verdict(trace, make_model("critic"), 1)
    person = Judge.objects.create(kind="human", name="ana", user=make_user("ana"))
    make_verdict(trace, person, 1)
    refresh.update()
    (empty,) = words(read(reader, PAGE), "p.empty")
    assert "(1 labels without one.)" in empty


def test_the_page_is_for_people_with_a_login_and_only_for_reading(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(make_user())
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE).status_code == 405
    assert client.get(PAGE, {"judge": "odd"}).status_code == 400
