"""The page of a disputed item."""

from dataclasses import dataclass

from accounts.models import User
from accounts.rules import UserRequest
from annotations.adjudication import decisions
from annotations.adjudication.forms import RulingForm
from annotations.models import Decision, Item
from annotations.permissions import Role, has_role, role_in
from traces.datasets.trace_page import StepReading, finding_in_words, read_trace


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive steps: a step at issue alone, or a run of others, folded away."""

    steps: list[StepReading]
    is_at_issue: bool


def dispute_context(request: UserRequest, item: Item, form: RulingForm) -> dict[str, object]:
    """Return the context of the page's template."""
    sides = decisions.sides(item)
    verdicts = [side.verdict for side in sides]
    at_issue = decisions.steps_at_issue(verdicts)
    reading = read_trace(item.trace, [])
    decision = decisions.current_decision(item)
    return {
        "queue": item.queue,
        "item": item,
        "reading": reading,
        "passages": split_passages(reading.steps, at_issue),
        "sides": [(side, finding_in_words(side.verdict.earliest_error)) for side in sides],
        "at_issue": [step + 1 for step in at_issue],
        "notes": decisions.notes(item),
        "decision": decision,
        "decision_label": finding_in_words(decision.label) if decision else "",
        "signers": _signers(item, decision),
        "is_lead": has_role(role_in(item.queue, request.user), Role.LEAD),
        "form": form,
    }


def split_passages(steps: list[StepReading], at_issue: list[int]) -> list[Passage]:
    """Return the steps in order, each one at issue alone, each run of others together."""
    passages: list[Passage] = []
    for step in steps:
        is_at_issue = step.index in at_issue
        if not is_at_issue and passages and not passages[-1].is_at_issue:
            passages[-1].steps.append(step)
        else:
            passages.append(Passage([step], is_at_issue))
    return passages


def _signers(item: Item, decision: Decision | None) -> list[User]:
    """Return the people who signed the decision, but for its author."""
    if decision is None:
        return []
    signed = item.decisions.filter(label=decision.label).exclude(user=decision.user_id)
    return [signature.user for signature in signed.select_related("user").order_by("decided_at")]
