"""Actions of the review page: open, save a draft, reveal models, submit, skip, go to the next."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from accounts.models import User
from annotations.errors import DraftConflict, LeaseLost, QueueClosed, ReviewRefused, ReviewWithdrawn
from annotations.gold.items import Feedback
from annotations.leases.lifecycle import hold, lease_of, next_lease
from annotations.models import Lease, Queue
from annotations.review import model_reveal
from annotations.review.forms import ReviewForm, ReviewFormData
from annotations.review.page import Conflict, ReviewPage, Side
from annotations.review.skip import SKIP_REASONS, UNDOABLE, skip, undo_skip
from annotations.review.submit import Outcome, complete_lease, draft_of, revise, save_draft
from annotations.review.verdicts import ReviewConflict
from traces.datasets.trace_page import finding_in_words
from traces.models import Verdict

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReviewPost:
    """A posted form of the page. `page` is the key that the page was rendered with."""

    lease: Lease
    user: User
    form_data: ReviewFormData
    page: uuid.UUID
    version: int
    based_on: int
    after: frozenset[str] = frozenset()  # keys of earlier pages whose draft this one continues

    @property
    def content(self) -> dict[str, Any]:
        """The content of the draft's row, with the key of the page that it was typed on."""
        return self.form_data.as_content() | {"page": str(self.page)}


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of what was done; `kind` is good, bad or plain."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class ActionResult:
    """A notice of what was done, or a page to show again with `status`."""

    notice: Notice | None = None
    page: ReviewPage | None = None
    status: int = 200
    errors: list[str] = field(default_factory=list)


def open_page(lease: Lease, user: User, *, fresh: bool = False, ahead: bool = False) -> ReviewPage:
    """Return the page with the draft, else the verdict, filled in. `fresh` ignores the draft.

    Takes the lease again when it expired or was skipped. Raises ReviewRefused when the item is
    lost.
    """
    notices = _notices(lease)
    if not lease.is_held and lease.state != Lease.State.SUBMITTED:
        take_again = undo_skip if lease.state in UNDOABLE else hold
        take_again(lease.pk, user)
        lease = lease_of(lease.pk, lease.queue)
    if not ahead:
        model_reveal.mark_opened(lease, user)
    verdict = lease.verdict
    draft = draft_of(lease.item, user) if lease.was_opened else None
    submitted = ReviewFormData.from_verdict(verdict) if verdict else ReviewFormData()
    return ReviewPage(
        lease,
        form_data=ReviewFormData.from_draft(draft.content) if draft and not fresh else submitted,
        based_on=verdict.revision if verdict else 0,
        version=draft.version if draft else 0,
        notices=notices,
        is_ahead=ahead,
    )


def handle_draft(post: ReviewPost) -> int:
    """Save the draft. Return its version. Raises DraftConflict and LeaseLost."""
    return _retry_over_own_draft(
        post, lambda v: save_draft(post.lease.pk, post.user, post.content, version=v)
    )


def handle_submit(post: ReviewPost) -> ActionResult:
    """Submit the review, or revise a submitted one; else show the page again with the errors."""
    lease = post.lease
    form = ReviewForm(post.form_data, trace=lease.item.trace, queue=lease.queue)
    if not form.is_valid():
        return _redisplay(post, form.error_messages, status=400)
    review = form.review(**model_reveal.shown_to_reviewer(lease))

    def write(version: int) -> Outcome:
        if post.based_on:
            return revise(lease.pk, post.user, review, key=post.page, based_on=post.based_on)
        return complete_lease(lease.pk, post.user, review, key=post.page, version=version)

    try:
        outcome = _retry_over_own_draft(post, write)
    except (DraftConflict, ReviewConflict) as conflict:
        return ActionResult(page=_conflict_page(post, conflict), status=409)
    except ReviewRefused as refusal:
        return _redisplay(post, [str(refusal)], status=409)
    return ActionResult(notice=_notice(outcome))


def handle_reveal(post: ReviewPost) -> ActionResult:
    """Save the person's decision, then show the page with the models' verdicts."""
    form = ReviewForm(post.form_data, trace=post.lease.item.trace, queue=post.lease.queue)
    if not form.is_valid():
        return _redisplay(post, form.error_messages, status=400)
    try:
        version = handle_draft(post)
    except ReviewRefused as refusal:
        return _redisplay(post, [str(refusal)], status=409)
    model_reveal.reveal(post.lease, post.user, form.cleaned_data["earliest_error"])
    return ActionResult(page=_page(post, version=version))


def handle_skip(post: ReviewPost, name: str) -> ActionResult:
    """End the item without a review, for the skip reason of that name."""
    reason = next((reason for reason in SKIP_REASONS if reason.name == name), None)
    if reason is None:
        return _redisplay(post, ["Choose one of the actions on the page."], status=400)
    if replace(post.form_data, seconds_spent="") != ReviewFormData():
        # In case they undo it. Where another window saved since, its draft stays.
        with suppress(DraftConflict, LeaseLost):
            handle_draft(post)
    try:
        skip(post.lease.pk, post.user, name, post.form_data.note)
    except ReviewRefused as refusal:
        return _redisplay(post, [str(refusal)], status=409)
    return ActionResult(notice=Notice(reason.notice))


def find_next(queue: Queue, user: User) -> Lease | None:
    """Return the next item; null also when the queue refuses, whose page then says why."""
    try:
        return next_lease(queue, user)
    except ReviewRefused:
        return None


def _retry_over_own_draft(post: ReviewPost, write: Callable[[int], T]) -> T:
    """Write; a draft that the same page saved in the meantime is no conflict."""
    try:
        return write(post.version)
    except DraftConflict as conflict:
        if conflict.content.get("page") not in {str(post.page), *post.after}:
            raise
        return write(conflict.version)


def _page(post: ReviewPost, **changes: Any) -> ReviewPage:
    values: dict[str, Any] = {
        "form_data": post.form_data,
        "based_on": post.based_on,
        "version": post.version,
    }
    return ReviewPage(post.lease, **(values | changes))


def _redisplay(post: ReviewPost, errors: list[str], *, status: int) -> ActionResult:
    return ActionResult(page=_page(post, errors=errors), status=status, errors=errors)


def _conflict_page(post: ReviewPost, conflict: DraftConflict | ReviewConflict) -> ReviewPage:
    """Return the page with both versions. The post is still filled in; sent again it is saved."""
    if isinstance(conflict, ReviewConflict):
        other = ReviewFormData.from_verdict(conflict.current)
        changes = {"based_on": conflict.current.revision}
    else:
        other = ReviewFormData.from_draft(conflict.content)
        changes = {"version": conflict.version}
    sides = [Side("This page", post.form_data.facts), Side("Other window", other.facts)]
    return _page(post, conflict=Conflict(str(conflict), sides), **changes)


def _notice(outcome: Outcome) -> Notice:
    if outcome.gold:
        return _gold_notice(outcome.gold)
    return Notice(f"Submitted: {_finding(outcome.verdict)}. Undo (u)")


def _gold_notice(feedback: Feedback) -> Notice:
    answer = f"This was a gold item. Correct verdict: {finding_in_words(feedback.label)}."
    verdict = "Your verdict was correct." if feedback.correct else "Your verdict was different."
    text = " ".join(filter(None, [answer, verdict, feedback.explanation]))
    return Notice(text, "good" if feedback.correct else "bad")


def _finding(verdict: Verdict) -> str:
    return finding_in_words(verdict.earliest_error)


def _notices(lease: Lease) -> list[str]:
    if lease.state in UNDOABLE:
        return [
            f"You had closed this item ({lease.get_state_display()}). It is assigned to you again."
        ]
    if lease.state != Lease.State.SUBMITTED:
        return []
    submitted = "You submitted this review."
    if lease.verdict and lease.verdict.withdrawn_at:
        return [f"{submitted} {ReviewWithdrawn()}"]
    if lease.queue.status == Queue.Status.CLOSED:
        return [f"{submitted} {QueueClosed()}"]
    return [f"{submitted} Submitting again creates a new revision."]
