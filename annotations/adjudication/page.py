"""What the page of a disputed item prints."""

from dataclasses import dataclass

from accounts.models import User
from accounts.rules import UserRequest
from annotations.adjudication import decisions
from annotations.adjudication.forms import RulingForm
from annotations.models import Decision, Item
from annotations.permissions import Role, may, role_in
from traces.datasets.trace_page import StepReading, finding_in_words, read_trace


@dataclass(frozen=True, slots=True)
class Passage:
    """Steps that stand together: at issue one by one, the others folded away."""

    steps: list[StepReading]
    is_at_issue: bool


def dispute_context(request: UserRequest, item: Item, form: RulingForm) -> dict[str, object]:
    sides = decisions.sides(item)
    verdicts = [side.verdict for side in sides]
    at_issue = decisions.steps_at_issue(verdicts)
    reading = read_trace(item.trace, [])
    standing = decisions.standing_decision(item)
    return {
        "queue": item.queue,
        "item": item,
        "reading": reading,
        "passages": passages(reading.steps, at_issue),
        "sides": [(side, finding_in_words(side.verdict.earliest_error)) for side in sides],
        "at_issue": [step + 1 for step in at_issue],
        "notes": decisions.notes(item),
        "standing": standing,
        "standing_label": finding_in_words(standing.label) if standing else "",
        "signers": _signers(item, standing),
        "is_lead": may(role_in(item.queue, request.user), Role.LEAD),
        "form": form,
    }


def passages(steps: list[StepReading], at_issue: list[int]) -> list[Passage]:
    """The steps in order; those at issue one by one, each run of others together."""
    found: list[Passage] = []
    for step in steps:
        is_at_issue = step.index in at_issue
        if not is_at_issue and found and not found[-1].is_at_issue:
            found[-1].steps.append(step)
        else:
            found.append(Passage([step], is_at_issue))
    return found


def _signers(item: Item, standing: Decision | None) -> list[User]:
    """Who stands behind the decision besides the one who made it."""
    if standing is None:
        return []
    signed = item.decisions.filter(label=standing.label).exclude(user=standing.user_id)
    return [decision.user for decision in signed.select_related("user").order_by("decided_at")]
