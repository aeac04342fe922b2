"""What the review page hides can't be looked up on other pages."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import Lease, Queue, QueueMember
from annotations.review import model_reveal
from metrics.summaries import refresh
from tests.annotations.factories import make_queue, member, people, send, take
from tests.annotations.review_page import soup
from tests.factories import label, make_scorer, make_user, make_verdict
from traces.models import Judge, Trace, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    made = make_queue(1, opinions="hidden")
    trace = Trace.objects.get()
    label(trace, 1)
    make_verdict(trace, make_scorer().judge, 0)
    return made


def readable(user: User) -> set[str]:
    verdicts = Verdict.objects.current().readable_by(user)
    return {verdict.judge.kind for verdict in verdicts.select_related("judge")}


def page_of(user: User, name: str, **at: object) -> BeautifulSoup:
    client = Client()
    client.force_login(user)
    return BeautifulSoup(client.get(reverse(name, kwargs=at)).content, "html.parser")


def test_who_annotates_reads_what_others_say_only_after_their_own_review(queue: Queue):
    (ada,) = people(1)
    trace = Trace.objects.get()
    lease = take(queue, ada)
    page = page_of(ada, "traces:trace-detail", pk=trace.pk)
    assert "appear after you submit your review" in page.text
    assert not page.select(".verdict-list li, .step .mark")
    assert readable(ada) == set()
    send(lease)
    page = page_of(ada, "traces:trace-detail", pk=trace.pk)
    assert "appear after you submit your review" not in page.text
    assert len(page.select(".verdict-list > li")) == 4
    assert readable(ada) == {"reference", "model", "human", "consensus"}


def test_others_read_as_before(queue: Queue):
    ada, stranger = people(2)
    take(queue, ada)
    everything = {"reference", "model"}
    assert readable(stranger) == everything
    assert readable(make_user(role="lead")) == everything
    joined = member(queue, ada)
    joined.role = QueueMember.Role.REVIEWER
    joined.save()
    assert readable(ada) == everything


def test_a_closed_queue_and_a_settled_trace_withhold_nothing(queue: Queue):
    (ada,) = people(1)
    lease = take(queue, ada)
    Queue.objects.update(status="closed")
    assert readable(ada) == {"reference", "model"}
    Queue.objects.update(status="open")
    assert readable(ada) == set()
    Lease.objects.filter(pk=lease.pk).update(state="skipped", slot=None)
    lease.item.status = "settled"
    lease.item.save()
    assert readable(ada) == {"reference", "model"}


def test_gold_stays_withheld_until_it_is_answered(queue: Queue):
    (ada,) = people(1)
    lease = take(queue, ada)
    lease.item.purpose, lease.item.status, lease.item.gold_label = "gold", "settled", 1
    lease.item.save()
    assert readable(ada) == set()


def test_what_the_review_page_has_shown_of_models_can_be_read(queue: Queue):
    (ada,) = people(1)
    Queue.objects.update(opinions="shown")
    lease = take(Queue.objects.get(), ada)
    assert readable(ada) == set()
    model_reveal.mark_opened(lease, ada)
    assert readable(ada) == {"model"}


def test_filters_and_the_api_tell_no_more_than_the_page(queue: Queue, client: Client):
    (ada,) = people(1)
    trace = Trace.objects.get()
    take(queue, ada)
    reference = Verdict.objects.get(judge__kind="reference").judge
    choice = {"judge": reference.pk, "finding": "error"}
    dataset = reverse("traces:dataset-detail", args=[trace.dataset.name])
    of_trace = reverse("api:trace-verdicts", args=[trace.pk])
    of_dataset = reverse("api:dataset-verdicts", args=[trace.dataset.name])
    client.force_login(ada)
    assert trace.external_id not in client.get(dataset, choice).content.decode()
    assert client.get(of_trace).json() == []
    assert client.get(of_dataset).json()["verdicts"] == []
    client.force_login(make_user(role="lead"))
    assert trace.external_id in client.get(dataset, choice).content.decode()
    assert len(client.get(of_trace).json()) == len(client.get(of_dataset).json()["verdicts"]) == 2


def test_a_critics_texts_are_withheld_with_its_verdict(queue: Queue, client: Client):
    (ada,) = people(1)
    verdict = Verdict.objects.get(judge__kind="model")
    path = reverse("inference:verdict-outputs", args=[verdict.pk])
    client.force_login(ada)
    assert client.get(path).status_code == 200
    take(queue, ada)
    assert client.get(path).status_code == 404


def test_a_judges_list_of_traces_keeps_traces_the_reader_has_yet_to_review(queue: Queue):
    (ada,) = people(1)
    trace = Trace.objects.get()
    judge = Judge.objects.get(kind="model")
    refresh.update()

    def behind() -> list[list[str]]:
        client = Client()
        client.force_login(ada)
        address = reverse("metrics:judge-detail", args=[judge.pk])
        page = soup(client.get(address, {"outcome": "too_early"}))
        rows = page.select(".behind tbody tr")
        return [[cell.text.strip() for cell in row.select("td")] for row in rows]

    lease = take(queue, ada)
    assert behind() == [["hidden until you have reviewed this trace"]]
    send(lease)
    ((name, *_, reference, verdict_label),) = behind()
    assert (name, reference, verdict_label) == (trace.external_id, "step 2", "step 1")
