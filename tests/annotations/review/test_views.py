"""The review page over HTTP: what it shows, takes, refuses."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Lease, Queue, StepComment
from tests.annotations.factories import make_queue, take
from tests.annotations.review_page import SCRIPT, address, form_of, open_next, send, soup
from tests.factories import make_dataset, make_trace, make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client):
    user = make_user("ada")
    client.force_login(user)
    return user


def test_submit_stores_the_verdict_and_goes_on_to_the_next_trace(client, ada):
    queue = make_queue(2, ask_severity=True)
    lease, page = open_next(client, queue, ada)
    response = send(
        client,
        lease,
        page,
        earliest_error="1",
        error_type="calculation",
        severity="minor",
        correction="Then 4 + 1 = 5.\r\nYes.",
        note="a slip",
        seconds_spent="12",
    )
    verdict = Verdict.objects.get(judge__user=ada)
    assert (verdict.trace, verdict.earliest_error) == (lease.item.trace, 1)
    assert (verdict.error_type, verdict.severity) == ("calculation", "minor")
    assert (verdict.correction, verdict.explanation) == ("Then 4 + 1 = 5.\nYes.", "a slip")
    assert verdict.seconds_spent == 12
    assert response.url == address(take(queue, ada))
    assert response.url != address(lease)


def test_no_error_drops_what_was_written_of_an_error(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    send(client, lease, page, earliest_error="-1", error_type="logical", correction="x")
    verdict = Verdict.objects.get(judge__user=ada)
    assert (verdict.earliest_error, verdict.error_type, verdict.correction) == (-1, "", "")


@pytest.mark.parametrize("sent", ["", "3", "-2", "one", "²", "9" * 5_000])
def test_a_step_that_is_not_there_is_refused_with_a_sentence(client, ada, sent):
    lease, page = open_next(client, make_queue(), ada)
    response = send(client, lease, page, earliest_error=sent, note="kept")
    assert response.status_code == 400
    again = soup(response)
    assert "Choose the first wrong step" in again.select_one(".notice.error").text
    assert again.select_one("#note").text == "\nkept"
    assert not Verdict.objects.filter(judge__user=ada).exists()


@pytest.mark.parametrize(("sent", "stored"), [("-5", 0), ("90000", 86_400), ("", None)])
def test_no_review_is_refused_for_its_clock(client, ada, sent, stored):
    lease, page = open_next(client, make_queue(), ada)
    assert send(client, lease, page, earliest_error="-1", seconds_spent=sent).status_code == 302
    assert Verdict.objects.get(judge__user=ada).seconds_spent == stored


def test_the_same_form_sent_twice_is_one_review(client, ada):
    lease, page = open_next(client, make_queue(1), ada)
    for _ in range(2):
        assert send(client, lease, page, earliest_error="1").status_code == 302
    assert Verdict.objects.filter(judge__user=ada).count() == 1


def test_a_conflict_shows_both_sides_and_can_be_settled_by_sending_again(client, ada):
    lease, page = open_next(client, make_queue(1), ada)
    send(client, lease, page, earliest_error="1", note="from one window")
    other_window = {"earliest_error": "2", "note": "from the other", "key": str(uuid.uuid4())}
    response = send(client, lease, page, **other_window)
    shown = soup(response)
    sides = [side.text for side in shown.select(".conflict .sides > div")]
    assert response.status_code == 409
    assert "step 3" in sides[0] and "from the other" in sides[0]
    assert "step 2" in sides[1] and "from one window" in sides[1]
    assert shown.select_one("input[name=earliest_error][checked]")["value"] == "2"
    assert send(client, lease, shown).status_code == 302
    current = Verdict.objects.current().get(judge__user=ada)
    assert (current.earliest_error, current.revision) == (2, 2)


def test_a_submitted_review_opens_again_and_a_change_is_a_revision(client, ada):
    lease, page = open_next(client, make_queue(1), ada)
    send(client, lease, page, earliest_error="1", note="first thought")
    again = soup(client.get(address(lease)))
    assert again.select_one("input[name=earliest_error][checked]")["value"] == "1"
    assert again.select_one("#note").text == "\nfirst thought"
    assert not again.select("button[name=finish]")
    send(client, lease, again, earliest_error="-1")
    verdicts = Verdict.objects.filter(judge__user=ada).order_by("revision")
    assert [(v.earliest_error, v.is_current) for v in verdicts] == [(1, False), (-1, True)]


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("skip", "skipped"),
        ("postpone", "postponed"),
        ("unsure", "unsure"),
        ("give_up", "gave_up"),
        ("bad_problem", "bad_problem"),
    ],
)
def test_an_item_ends_without_a_review_and_the_next_comes(client, ada, reason, state):
    queue = make_queue(2)
    lease, page = open_next(client, queue, ada)
    button = page.select_one(f"button[name=finish][value={reason}]")
    assert button["data-key"]
    response = send(client, lease, page, finish=reason, note="why")
    lease.refresh_from_db()
    assert (lease.state, lease.note) == (state, "why")
    assert response.url not in {"", address(lease)}


def test_an_ending_that_is_none_is_refused(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    assert send(client, lease, page, finish="explode").status_code == 400
    lease.refresh_from_db()
    assert lease.is_held


def test_another_persons_review_is_not_there(client, ada):
    lease = take(make_queue(), make_user("ben"))
    parts = ["detail", "draft", "renew", "leave", "ahead", "comment"]
    statuses = {part: client.post(address(lease, part)).status_code for part in parts}
    assert statuses == dict.fromkeys(parts, 404)
    assert client.get(address(lease)).status_code == 404


def test_a_page_drawn_for_somebody_else_saves_nothing(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    for part in ["detail", "draft", "renew", "leave", "ahead"]:
        sent = form_of(page) | {"earliest_error": "1", "reviewer": str(ada.pk + 1)}
        response = client.post(address(lease, part), sent)
        assert response.status_code == 409, part
        assert "ada has signed in" in response.json()["error"], part
    assert not Verdict.objects.filter(judge__user=ada).exists()


def test_the_script_is_told_where_to_go_on(client, ada):
    queue = make_queue(2)
    lease, page = open_next(client, queue, ada)
    sent = form_of(page) | {"earliest_error": "1"}
    data = client.post(address(lease), sent, headers=SCRIPT).json()
    assert data["next"] == address(take(queue, ada))
    assert data["notice"]["text"].startswith("Submitted: step 2.")
    count = {"answered": 1, "total": 2}
    assert data["progress"] == count | {"sentence": "1 of 2 · 1 today"}


def test_the_next_item_comes_ahead_as_a_part_of_the_page_and_stays_held(client, ada):
    queue = make_queue(2)
    lease, page = open_next(client, queue, ada)
    response = client.post(address(lease, "ahead"), {}, headers=SCRIPT)
    ahead = Lease.objects.get(annotator=ada, is_ahead=True)
    part = soup(response)
    assert part.select_one("#item")["data-address"] == address(ahead)
    assert not part.select("html")
    # The count is the submit's to bring: it would be of before.
    assert "value" not in part.select_one(".review-progress").attrs
    client.post(address(lease), form_of(page) | {"earliest_error": "1"}, headers=SCRIPT)
    ahead.refresh_from_db()
    assert (ahead.is_held, ahead.is_ahead) == (True, False)
    assert client.post(address(ahead, "ahead"), {}, headers=SCRIPT).status_code == 204


def test_what_was_typed_on_an_item_opened_by_its_address_comes_ahead_too(client, ada):
    lease, _ = open_next(client, make_queue(2), ada)
    client.post(address(lease, "ahead"), {}, headers=SCRIPT)
    ahead = Lease.objects.get(annotator=ada, is_ahead=True)
    page = soup(client.get(address(ahead)))
    assert "value" in page.select_one(".review-progress").attrs
    client.post(address(ahead, "draft"), form_of(page) | {"note": "begun"})
    client.post(address(ahead, "comment"), {"step": "1", "text": "look here"})
    part = soup(client.post(address(lease, "ahead"), {}, headers=SCRIPT))
    assert part.select_one("#note").text.strip() == "begun"
    assert "look here" in part.select_one(".step-comment").text


def test_leaving_gives_back_what_is_untouched_and_keeps_what_has_a_draft(client, ada):
    queue = make_queue(3)
    lease, page = open_next(client, queue, ada)
    client.post(address(lease, "ahead"), {}, headers=SCRIPT)
    client.post(address(lease, "draft"), form_of(page) | {"note": "begun"})
    client.post(address(lease, "leave"))
    states = Lease.objects.filter(annotator=ada).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["held", "released"]


def test_leaving_an_untouched_item_gives_it_back_and_coming_back_takes_it_up(client, ada):
    lease, _ = open_next(client, make_queue(), ada)
    client.post(address(lease, "leave"))
    lease.refresh_from_db()
    assert lease.state == "released"
    assert client.get(address(lease)).status_code == 200
    lease.refresh_from_db()
    assert lease.is_held


def test_an_item_that_went_to_somebody_else_meanwhile_says_so(client, ada):
    queue = make_queue(1)
    lease, _ = open_next(client, queue, ada)
    client.post(address(lease, "leave"))
    take(queue, make_user("ben"))
    assert "assigned to somebody else" in client.get(address(lease)).content.decode()
    renewed = client.post(address(lease, "renew"))
    assert renewed.status_code == 409
    assert "draft" in renewed.json()["error"]


def test_a_comment_on_a_step_is_kept_for_the_lead_and_shown_to_its_author(client, ada):
    lease, _ = open_next(client, make_queue(), ada)
    data = {"step": "2", "text": "the <b>figure</b> is missing"}
    response = client.post(address(lease, "comment"), data, headers=SCRIPT)
    assert response.json() == {"step": 1, "text": data["text"]}
    kept = StepComment.objects.get()
    assert (kept.item, kept.step, kept.author, kept.text) == (lease.item, 1, ada, data["text"])
    page = soup(client.get(address(lease)))
    assert data["text"] in page.select_one("#step-2 .step-comment").text


@pytest.mark.parametrize("data", [{}, {"step": "9", "text": "x"}, {"step": "1", "text": " "}])
def test_a_comment_without_words_or_step_is_refused(client, ada, data):
    lease, _ = open_next(client, make_queue(), ada)
    response = client.post(address(lease, "comment"), data, headers=SCRIPT)
    assert response.status_code == 400
    assert response.json()["error"]
    assert client.post(address(lease, "comment"), data).url == address(lease)
    assert not StepComment.objects.exists()


def test_preview_is_typeset_and_clean(client, ada):
    sent = {"correction": r"\(\frac{1}{2}\) <script>x</script>"}
    body = client.post(reverse("annotations:preview"), sent).content.decode()
    assert "<mfrac>" in body
    assert "<script" not in body


@pytest.mark.parametrize("steps", [3, 150])
def test_the_page_asks_the_same_number_of_queries_whatever_the_trace(
    client, ada, django_assert_num_queries, steps
):
    dataset = make_dataset()
    make_trace(dataset, steps=[f"Step \\({n}\\)." for n in range(steps)])
    lease = take(make_queue(0, dataset=dataset), ada)
    client.get(address(lease))
    with django_assert_num_queries(6):
        assert client.get(address(lease)).status_code == 200


def test_a_closed_queue_says_that_it_is_closed(client, ada):
    queue = make_queue()
    Queue.objects.filter(pk=queue.pk).update(status=Queue.Status.CLOSED)
    page = client.get(reverse("annotations:queue-review", args=[queue.pk]))
    assert "closed" in page.content.decode()


def test_a_dataset_is_reviewed_in_a_queue_of_its_own_whatever_its_name(client, ada):
    trace = make_trace(make_dataset("preview"))
    first = client.get(reverse("annotations:review-next", args=["preview"]), follow=True)
    assert first.context["trace"] == trace
    response = client.get(reverse("annotations:review", args=["preview", trace.pk]), follow=True)
    assert response.context["trace"] == trace
    assert Queue.objects.get().is_default


def test_a_trace_of_another_dataset_is_not_found(client, ada):
    trace, other = make_trace(), make_trace()
    path = reverse("annotations:review", args=[other.dataset.name, trace.pk])
    assert client.get(path).status_code == 404


def test_a_picked_trace_that_others_hold_says_so(client, ada):
    trace = make_trace()
    path = reverse("annotations:review", args=[trace.dataset.name, trace.pk])
    other = Client()
    other.force_login(make_user("ben"))
    other.get(path)
    assert "This trace isn&#x27;t available" in client.get(path).content.decode()


def test_a_review_of_a_closed_queue_can_be_read_and_no_more(client, ada):
    lease, page = open_next(client, make_queue(1), ada)
    send(client, lease, page, earliest_error="1")
    Queue.objects.update(status="closed")
    again = soup(client.get(address(lease)))
    assert "This queue is closed" in again.select_one("#item").text
    assert again.select_one(".review-bar .submit").has_attr("disabled")
    refused = send(client, lease, again, earliest_error="0")
    assert refused.status_code == 409
    assert Verdict.objects.get(judge__user=ada).earliest_error == 1


def test_a_review_skipped_by_mistake_is_had_back_with_its_words_from_ones_own_reviews(client, ada):
    queue = make_queue(2)
    lease, page = open_next(client, queue, ada)
    response = client.post(address(lease), form_of(page) | {"finish": "skip", "note": "so far"})
    listed = client.get(reverse("annotations:review-list", args=[queue.pk]))
    assert response.status_code == 302
    assert address(lease) in listed.content.decode()
    again = soup(client.get(address(lease)))
    assert "It is assigned to you again." in again.select_one(".notice[role=status]").text
    assert again.select_one("#note").text == "\nso far"
    lease.refresh_from_db()
    assert lease.is_held
