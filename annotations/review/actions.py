"""What a person does on the review page: opens it, reveals, submits, or ends it otherwise."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from accounts.models import User
from annotations.errors import DraftConflict, LeaseLost, QueueClosed, ReviewRefused, ReviewWithdrawn
from annotations.gold.items import Feedback
from annotations.leases.assignment import lease_of
from annotations.leases.lifecycle import hold, next_lease
from annotations.models import Lease, Queue
from annotations.review import model_reveal
from annotations.review import submit as review_submit
from annotations.review.drafts import draft_of, save_draft
from annotations.review.form_data import Said, decided, drafted
from annotations.review.forms import ReviewForm
from annotations.review.page import Conflict, ReviewPage, sides
from annotations.review.skip_reasons import ENDINGS
from annotations.review.verdicts import ReviewConflict
from traces.datasets.trace_page import finding_in_words
from traces.models import Verdict

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of the page. `page` is the key that the page was drawn with."""

    lease: Lease
    user: User
    said: Said
    page: uuid.UUID
    version: int
    based_on: int
    after: frozenset[str] = frozenset()  # keys of earlier pages that this one goes on from

    @property
    def content(self) -> dict[str, Any]:
        """For the draft's row, with the page that it came from."""
        return self.said.as_content() | {"page": str(self.page)}


@dataclass(frozen=True, slots=True)
class Told:
    """What to tell a person once it is done; `kind` is good, bad or plain."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Answer:
    """Either done, and told so, or a page to show again with `status`."""

    told: Told | None = None
    page: ReviewPage | None = None
    status: int = 200
    refused: list[str] = field(default_factory=list)


def opened_page(
    lease: Lease, user: User, *, fresh: bool = False, ahead: bool = False
) -> ReviewPage:
    """The page as it stands: the draft, else the verdict. `fresh` leaves the draft aside.

    Takes the lease up again where it ran out, or was ended without a review. Raises ReviewRefused
    where the item is lost.
    """
    notices = _notices(lease)
    if not lease.is_held and lease.state != Lease.State.SUBMITTED:
        have_back = review_submit.take_back if lease.state in review_submit.ENDED else hold
        have_back(lease.pk, user)
        lease = lease_of(lease.pk, lease.queue)
    if not ahead:
        model_reveal.opened(lease, user)
    verdict = lease.verdict
    draft = draft_of(lease.item, user) if lease.was_opened else None
    stands = decided(verdict) if verdict else Said()
    return ReviewPage(
        lease,
        said=drafted(draft.content) if draft and not fresh else stands,
        based_on=verdict.revision if verdict else 0,
        version=draft.version if draft else 0,
        notices=notices,
        is_ahead=ahead,
    )


def keep(sent: Sent) -> int:
    """Save the draft; its version. An earlier save of the same page is no conflict."""
    return _past_own_draft(
        sent, lambda v: save_draft(sent.lease.pk, sent.user, sent.content, version=v)
    )


def submit(sent: Sent) -> Answer:
    lease = sent.lease
    form = ReviewForm(sent.said, trace=lease.item.trace, queue=lease.queue)
    if not form.is_valid():
        return _again(sent, form.sentences, status=400)
    review = form.review(**model_reveal.what_was_seen(lease))

    def write(version: int) -> review_submit.Outcome:
        if sent.based_on:
            return review_submit.revise(
                lease.pk, sent.user, review, key=sent.page, based_on=sent.based_on
            )
        return review_submit.submit(lease.pk, sent.user, review, key=sent.page, version=version)

    try:
        outcome = _past_own_draft(sent, write)
    except (DraftConflict, ReviewConflict) as conflict:
        return Answer(page=_conflict_page(sent, conflict), status=409)
    except ReviewRefused as refusal:
        return _again(sent, [str(refusal)], status=409)
    return Answer(told=_told(outcome))


def reveal(sent: Sent) -> Answer:
    """Show what models said, once the person has decided; their decision is kept first."""
    form = ReviewForm(sent.said, trace=sent.lease.item.trace, queue=sent.lease.queue)
    if not form.is_valid():
        return _again(sent, form.sentences, status=400)
    try:
        version = keep(sent)
    except ReviewRefused as refusal:
        return _again(sent, [str(refusal)], status=409)
    model_reveal.reveal(sent.lease, sent.user, form.cleaned_data["earliest_error"])
    return Answer(page=_page(sent, version=version))


def finish(sent: Sent, reason: str) -> Answer:
    ending = next((ending for ending in ENDINGS if ending.reason == reason), None)
    if ending is None:
        return _again(sent, ["Choose one of the endings on the page."], status=400)
    if replace(sent.said, seconds_spent="") != Said():
        # Should they take it back. Where another window saved since, its words stay.
        with suppress(DraftConflict, LeaseLost):
            keep(sent)
    try:
        review_submit.finish(sent.lease.pk, sent.user, reason, sent.said.note)
    except ReviewRefused as refusal:
        return _again(sent, [str(refusal)], status=409)
    return Answer(told=Told(ending.told))


def what_is_next(queue: Queue, user: User) -> Lease | None:
    """The item to go on to; null also where the queue refuses, whose page then says why."""
    try:
        return next_lease(queue, user)
    except ReviewRefused:
        return None


def _past_own_draft(sent: Sent, write: Callable[[int], T]) -> T:
    try:
        return write(sent.version)
    except DraftConflict as conflict:
        if conflict.content.get("page") not in {str(sent.page), *sent.after}:
            raise
        return write(conflict.version)


def _page(sent: Sent, **changes: Any) -> ReviewPage:
    given: dict[str, Any] = {"said": sent.said, "based_on": sent.based_on, "version": sent.version}
    return ReviewPage(sent.lease, **(given | changes))


def _again(sent: Sent, sentences: list[str], *, status: int) -> Answer:
    return Answer(page=_page(sent, errors=sentences), status=status, refused=sentences)


def _conflict_page(sent: Sent, conflict: DraftConflict | ReviewConflict) -> ReviewPage:
    """Both sides; what was sent is still filled in, and sent again it counts."""
    if isinstance(conflict, ReviewConflict):
        theirs: Said = decided(conflict.current)
        changes = {"based_on": conflict.current.revision}
    else:
        theirs = drafted(conflict.content)
        changes = {"version": conflict.version}
    both = Conflict(str(conflict), sides(sent.said, theirs))
    return _page(sent, conflict=both, **changes)


def _told(outcome: review_submit.Outcome) -> Told:
    if outcome.gold:
        return _gold_told(outcome.gold)
    return Told(f"Submitted: {_finding(outcome.verdict)}. Undo (u) takes you back to it.")


def _gold_told(known: Feedback) -> Told:
    answer = finding_in_words(known.label)
    said = f"The answer to that one is known: {answer}."
    verdict = "You were right." if known.correct else "You said otherwise."
    text = " ".join(filter(None, [said, verdict, known.words]))
    return Told(text, "good" if known.correct else "bad")


def _finding(verdict: Verdict) -> str:
    return finding_in_words(verdict.earliest_error)


def _notices(lease: Lease) -> list[str]:
    if lease.state in review_submit.ENDED:
        return [f"You had ended this one ({lease.get_state_display()}). It is yours again."]
    if lease.state != Lease.State.SUBMITTED:
        return []
    said = "You have submitted this review."
    if lease.verdict and lease.verdict.withdrawn_at:
        return [f"{said} {ReviewWithdrawn()}"]
    if lease.queue.status == Queue.Status.CLOSED:
        return [f"{said} {QueueClosed()}"]
    return [f"{said} Submitting again writes a new revision of it."]
