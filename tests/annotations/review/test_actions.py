"""Drafts over HTTP: saved as typed, back on the page, in order."""

import pytest
from django.test import Client

from annotations.models import Draft
from annotations.review.submit import draft_of
from tests.annotations.factories import make_queue
from tests.annotations.review_page import address, form_of, open_next, send, soup
from tests.factories import make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client):
    user = make_user("ada")
    client.force_login(user)
    return user


def test_what_is_typed_is_on_the_page_when_it_comes_back(client, ada):
    lease, page = open_next(client, make_queue(ask_severity=True), ada)
    typed = {
        "earliest_error": "1",
        "error_type": "logical",
        "severity": "major",
        "correction": "\nTwo\r\nlines",
        "note": "half a thou",
        "seconds_spent": "40",
    }
    response = client.post(address(lease, "draft"), form_of(page) | typed)
    assert response.json() == {"version": 1}
    again = form_of(soup(client.get(address(lease))))
    kept = typed | {"correction": "\n\nTwo\nlines", "note": "\nhalf a thou"}
    assert {name: again[name] for name in typed} == kept
    assert again["version"] == "1"


def test_a_draft_outlives_the_login(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    client.post(address(lease, "draft"), form_of(page) | {"note": "kept"})
    client.logout()
    refused = client.post(address(lease, "draft"), form_of(page) | {"note": "kept, and more"})
    assert refused.status_code == 302
    client.force_login(ada)
    assert soup(client.get(address(lease))).select_one("#note").text == "\nkept"


def test_a_draft_newer_than_the_page_is_not_overwritten(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    other = soup(client.get(address(lease)))
    client.post(address(lease, "draft"), form_of(page) | {"note": "from this window"})
    refused = client.post(address(lease, "draft"), form_of(other) | {"note": "from the other"})
    assert refused.status_code == 409
    assert "another window" in refused.json()["error"]
    draft = draft_of(lease.item, ada)
    assert draft and draft.content["note"] == "from this window"


def test_a_page_whose_save_was_answered_to_nobody_can_save_again_and_submit(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    client.post(address(lease, "draft"), form_of(page) | {"note": "one"})
    # The answer was lost: the page still believes in version 0.
    again = client.post(address(lease, "draft"), form_of(page) | {"note": "one two"})
    assert again.json() == {"version": 2}
    assert send(client, lease, page, earliest_error="1", note="one two three").status_code == 302
    assert Verdict.objects.get(judge__user=ada).explanation == "one two three"
    assert not Draft.objects.exists()


def test_submitting_over_a_newer_draft_shows_both_sides(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    other = soup(client.get(address(lease)))
    client.post(address(lease, "draft"), form_of(other) | {"earliest_error": "2", "note": "newer"})
    response = send(client, lease, page, earliest_error="1")
    shown = soup(response)
    sides = [side.text for side in shown.select(".conflict .sides > div")]
    assert response.status_code == 409
    assert "step 2" in sides[0] and "step 3" in sides[1] and "newer" in sides[1]
    assert send(client, lease, shown).status_code == 302
    assert Verdict.objects.get(judge__user=ada).earliest_error == 1


@pytest.mark.parametrize("text", ["a\0b", "\u202eabc", "x" * 100_000, "</textarea><script>"])
def test_any_text_is_kept_and_shown_as_text(client, ada, text):
    lease, page = open_next(client, make_queue(), ada)
    saved = client.post(address(lease, "draft"), form_of(page) | {"note": text})
    assert saved.status_code == 200
    again = soup(client.get(address(lease)))
    assert again.select_one("#note").text == "\n" + text.replace("\0", "\ufffd")


def test_a_change_to_a_submitted_review_is_drafted_too(client, ada):
    lease, page = open_next(client, make_queue(1), ada)
    send(client, lease, page, earliest_error="1")
    again = soup(client.get(address(lease)))
    client.post(address(lease, "draft"), form_of(again) | {"note": "on second thoughts"})
    back = soup(client.get(address(lease)))
    assert back.select_one("#note").text == "\non second thoughts"
    assert "on second thoughts" not in client.get(address(lease) + "?fresh").content.decode()
    send(client, lease, back)
    assert Verdict.objects.current().get(judge__user=ada).explanation == "on second thoughts"
    assert not Draft.objects.exists()


def test_a_reloaded_page_goes_on_from_what_the_one_before_it_sent_last(client, ada):
    lease, page = open_next(client, make_queue(), ada)
    reloaded = soup(client.get(address(lease)))
    # What the first page sent on leaving arrives after the second was drawn.
    client.post(address(lease, "draft"), form_of(page) | {"note": "half"})
    mine = form_of(reloaded) | {"note": "half a thought", "after": form_of(page)["key"]}
    assert client.post(address(lease, "draft"), mine).json() == {"version": 2}
