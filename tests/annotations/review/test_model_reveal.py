"""What models said, by the queue's choice: nothing of it leaks before its time."""

import pytest
from django.test import Client

from annotations.models import Lease
from tests.annotations.factories import make_queue, take
from tests.annotations.review_page import SCRIPT, address, form_of, open_next, send, soup
from tests.factories import (
    label,
    make_dataset,
    make_scorer,
    make_trace,
    make_user,
    make_verdict,
)
from traces.models import Verdict

pytestmark = pytest.mark.django_db
WORDS = "the critic says so"


@pytest.fixture
def ada(client: Client):
    user = make_user("ada")
    client.force_login(user)
    return user


def judged(**rules):
    """Make a queue of one trace with verdicts of a PRM, a critic, the reference and a person."""
    dataset = make_dataset()
    trace = make_trace(dataset)
    scores = [0.9, 0.123, 0.2]
    make_verdict(trace, make_scorer("a-prm", threshold=0.5).judge, 1, scores=scores)
    make_verdict(trace, make_scorer("a-critic").judge, 1, explanation=WORDS)
    label(trace, 1, explanation="the reference says so")
    return make_queue(0, dataset=dataset, **rules)


def test_shown_from_the_start_is_stored_as_seen_before_deciding(client, ada):
    lease, page = open_next(client, judged(opinions="shown"), ada)
    assert WORDS in page.text
    assert len(page.select("svg.curves a.slice")) == 3
    assert page.select_one("svg.curves a.slice:nth-of-type(2)")["href"] == "#step-2"
    assert "a-prm 0.12, first wrong step" in page.select("svg.curves title")[1].text
    assert len(page.select("#step-2 .mark.low")) == 1
    send(client, lease, page, earliest_error="1")
    verdict = Verdict.objects.get(judge__user=ada)
    names = {"a-prm", "a-critic"}
    shown = Verdict.objects.filter(judge__in=verdict.shown_judges)
    assert {v.judge.name for v in shown} == names
    assert verdict.shown_before_deciding is True


def test_hidden_is_nowhere_on_the_page(client, ada):
    lease, page = open_next(client, judged(opinions="hidden"), ada)
    for word in [WORDS, "a-prm", "a-critic", "0.12", "first wrong step;"]:
        assert word not in str(page), word
    assert not page.select(".marks, .opinions, [name=reveal]")
    send(client, lease, page, earliest_error="1", reveal="1")
    lease.refresh_from_db()
    assert lease.shown_at is None
    send(client, lease, page, earliest_error="1")
    verdict = Verdict.objects.get(judge__user=ada)
    assert (verdict.shown_judges, verdict.shown_before_deciding) == ([], False)


def test_until_decided_asks_for_a_decision_and_stores_that_it_came_first(client, ada):
    lease, page = open_next(client, judged(opinions="until_decided"), ada)
    assert WORDS not in str(page) and "a-prm" not in str(page)
    undecided = send(client, lease, page, reveal="1")
    assert undecided.status_code == 400
    assert WORDS not in undecided.content.decode()
    revealed = soup(send(client, lease, page, reveal="1", earliest_error="0", note="mine"))
    assert WORDS in revealed.text
    assert revealed.select_one("input[name=earliest_error][checked]")["value"] == "0"
    assert not revealed.select("[name=reveal]")
    lease.refresh_from_db()
    assert lease.shown_at is not None
    send(client, lease, revealed, earliest_error="1")
    verdict = Verdict.objects.get(judge__user=ada)
    assert len(verdict.shown_judges) == 2
    assert verdict.shown_before_deciding is False


def test_a_decision_without_a_look_is_stored_as_not_seen(client, ada):
    lease, page = open_next(client, judged(opinions="until_decided"), ada)
    send(client, lease, page, earliest_error="1")
    assert Verdict.objects.get(judge__user=ada).shown_judges == []


def test_a_blind_lease_overrides_a_queue_that_shows(client, ada):
    lease, page = open_next(client, judged(opinions="shown", blind_share=1.0), ada)
    assert lease.is_blind
    assert WORDS not in str(page) and "a-prm" not in str(page)
    send(client, lease, page, earliest_error="1")
    assert Verdict.objects.get(judge__user=ada).shown_judges == []


def test_an_item_fetched_ahead_is_not_seen_until_it_is_opened(client, ada):
    queue = judged(opinions="shown")
    other = make_trace(queue.dataset)
    make_verdict(other, make_scorer("third").judge, 0)
    from annotations.queues.populate import fill

    fill(queue)
    lease, page = open_next(client, queue, ada)
    client.post(address(lease, "ahead"), {}, headers=SCRIPT)
    ahead = Lease.objects.get(annotator=ada, is_ahead=True)
    assert ahead.shown_at is None
    client.post(address(lease), form_of(page) | {"earliest_error": "0"}, headers=SCRIPT)
    ahead.refresh_from_db()
    assert ahead.shown_at is not None


def test_reference_labels_and_other_people_are_never_shown(client, ada):
    queue = judged(opinions="shown", overlap=2, max_overlap=2)
    lease = take(queue, make_user("carla"))
    client.force_login(lease.annotator)
    page = soup(client.get(address(lease)))
    send(client, lease, page, earliest_error="1", note="the person says so")
    client.force_login(ada)
    _, shown = open_next(client, queue, ada)
    assert "the person says so" not in str(shown)
    assert "the reference says so" not in str(shown)
