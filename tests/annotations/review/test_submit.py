import uuid

import pytest

from annotations.adjudication.decisions import dismiss
from annotations.errors import DraftConflict, LeaseLost, QueueClosed
from annotations.leases.lifecycle import expire
from annotations.models import Draft, Item, Queue
from annotations.review.submit import complete_lease, draft_of, revise, save_draft
from annotations.review.verdicts import Review, ReviewConflict
from tests.annotations.factories import answer, make_queue, people, run_out, send, take
from tests.factories import make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def test_a_submit_writes_the_verdict_with_where_it_came_from():
    queue, user = make_queue(1, random_share=1.0), make_user()
    outcome = answer(queue, user, 1, step_labels=(1, -1, 0), self_corrected=(1,), severity="minor")
    verdict = Verdict.objects.get(judge__user=user)
    assert verdict == outcome.verdict
    assert (verdict.origin, verdict.origin_id) == ("review", queue.pk)
    assert verdict.inclusion_probability == 1.0
    assert verdict.step_labels == [1, -1, 0]
    assert (verdict.self_corrected, verdict.severity) == ([1], "minor")
    assert outcome.lease.state == "submitted"


def test_the_same_key_is_the_same_submit():
    queue, user = make_queue(1), make_user()
    lease, key = take(queue, user), uuid.uuid4()
    first = complete_lease(lease.pk, user, Review(1), key=key, version=0)
    again = complete_lease(lease.pk, user, Review(1), key=key, version=0)
    assert first.verdict == again.verdict
    assert Verdict.objects.filter(judge__user=user).count() == 1
    assert Item.objects.get().answers == 1


def test_a_second_submit_from_another_window_is_a_conflict():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    send(lease, 1)
    with pytest.raises(ReviewConflict) as conflict:
        send(lease, 2)
    assert conflict.value.current.earliest_error == 1


def test_a_submit_after_the_lease_ran_out_counts_while_the_item_is_free():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    run_out(lease)
    expire()
    assert send(lease, 0).lease.state == "submitted"


def test_a_submit_of_an_item_that_others_did_meanwhile_is_refused_and_kept():
    queue, (ada, bob) = make_queue(1), people(2)
    lease = take(queue, ada)
    save_draft(lease.pk, ada, {"earliest_error": 1}, version=0)
    run_out(lease)
    expire()
    answer(queue, bob)
    with pytest.raises(LeaseLost):
        complete_lease(lease.pk, ada, Review(1), key=uuid.uuid4(), version=1)
    draft = draft_of(lease.item, ada)
    assert draft and draft.content == {"earliest_error": 1}


def test_drafts_count_their_versions_and_report_the_newest():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    assert save_draft(lease.pk, user, {"note": "a"}, version=0) == 1
    assert save_draft(lease.pk, user, {"note": "ab"}, version=1) == 2
    assert save_draft(lease.pk, user, {"note": "ab"}, version=1) == 2
    with pytest.raises(DraftConflict) as conflict:
        save_draft(lease.pk, user, {"note": "other window"}, version=1)
    assert (conflict.value.content, conflict.value.version) == ({"note": "ab"}, 2)


def test_a_draft_can_hold_every_character():
    queue, user = make_queue(1), make_user()
    lease, content = take(queue, user), {"note": "nul \0 and \U0010ffff and \u202e"}
    save_draft(lease.pk, user, content, version=0)
    draft = draft_of(lease.item, user)
    assert draft and draft.content == content


def test_a_draft_outlives_the_lease_and_comes_back_with_the_item():
    queue, user = make_queue(2), make_user()
    lease = take(queue, user)
    run_out(lease)
    expire()
    save_draft(lease.pk, user, {"note": "typed on"}, version=0)
    again = take(queue, user)
    draft = draft_of(again.item, user)
    assert again == lease
    assert draft and draft.content == {"note": "typed on"}


def test_a_submit_ends_the_draft():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    save_draft(lease.pk, user, {"note": "a"}, version=0)
    complete_lease(lease.pk, user, Review(1), key=uuid.uuid4(), version=1)
    assert not Draft.objects.exists()


def test_a_submit_older_than_the_draft_is_a_conflict():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    save_draft(lease.pk, user, {"note": "a"}, version=0)
    save_draft(lease.pk, user, {"note": "ab"}, version=1)
    with pytest.raises(DraftConflict):
        complete_lease(lease.pk, user, Review(1), key=uuid.uuid4(), version=1)
    assert not Verdict.objects.filter(judge__user=user).exists()


def test_a_changed_review_is_a_new_revision_and_the_consensus_follows():
    queue, user = make_queue(1), make_user()
    outcome = answer(queue, user, 1)
    revise(outcome.lease.pk, user, Review(2), key=uuid.uuid4(), based_on=1)
    own = Verdict.objects.filter(judge__user=user).order_by("revision")
    assert [(v.earliest_error, v.is_current) for v in own] == [(1, False), (2, True)]
    agreed = Verdict.objects.current().get(judge__kind="consensus")
    assert (agreed.earliest_error, agreed.revision) == (2, 2)
    assert Item.objects.get().answers == 1


def test_a_change_based_on_an_old_revision_is_a_conflict():
    queue, user = make_queue(1), make_user()
    outcome = answer(queue, user, 1)
    revise(outcome.lease.pk, user, Review(2), key=uuid.uuid4(), based_on=1)
    with pytest.raises(ReviewConflict):
        revise(outcome.lease.pk, user, Review(0), key=uuid.uuid4(), based_on=1)


def test_nothing_is_changed_in_a_closed_queue():
    queue, user = make_queue(1), make_user()
    outcome = answer(queue, user, 1)
    Queue.objects.update(status="closed")
    with pytest.raises(QueueClosed):
        revise(outcome.lease.pk, user, Review(2), key=uuid.uuid4(), based_on=1)
    assert Verdict.objects.current().get(judge__user=user).earliest_error == 1


def test_a_changed_review_brings_nothing_back_that_was_taken_out_of_the_line():
    queue, users = make_queue(1, overlap=2, rule="unanimity"), people(2)
    outcome = answer(queue, users[0], 1)
    answer(queue, users[1], 0)
    dismiss(Item.objects.get().pk, make_user(role="lead"), "discarded", reason="a fragment")
    revise(outcome.lease.pk, users[0], Review(0), key=uuid.uuid4(), based_on=1)
    assert Item.objects.get().status == "discarded"
    assert not Verdict.objects.current().filter(judge__kind="consensus").exists()
