"""All that the review page prints."""

from typing import Any

from accounts.models import User
from annotations.choosing import progress_in
from annotations.error_types import ERROR_TYPES
from annotations.forms import ReviewForm
from annotations.reviewing import ReviewConflict, current_verdict
from traces.models import Judge, Trace, Verdict
from traces.reading import finding_in_words, read_trace, verdicts_to_read

_FIELDS = ["earliest_error", "error_type", "correction", "note"]


def model_verdicts(trace: Trace) -> list[Verdict]:
    """What models said of the trace. Reference labels and other people's are never shown here."""
    return [v for v in verdicts_to_read(trace) if v.judge.kind == Judge.Kind.MODEL]


def shown_judges(trace: Trace, user: User) -> list[int]:
    return [verdict.judge_id for verdict in model_verdicts(trace)]


def review_context(
    trace: Trace,
    user: User,
    *,
    form: ReviewForm | None = None,
    conflict: ReviewConflict | None = None,
) -> dict[str, Any]:
    """The page for `trace`: filled with what was just sent, else with the person's own verdict."""
    current = conflict.current if conflict else current_verdict(trace, user)
    said = _sent(form) if form else _stored(current)
    reading = read_trace(trace, model_verdicts(trace))
    return {
        "reading": reading,
        "trace": trace,
        "said": said,
        "chosen": said["earliest_error"],
        "based_on": current.revision if current else 0,
        "error_types": ERROR_TYPES,
        "progress": progress_in(trace.dataset, user),
        "errors": form.errors if form else {},
        "conflict": conflict,
        "conflict_finding": finding_in_words(current.earliest_error) if current else "",
    }


def _stored(verdict: Verdict | None) -> dict[str, str]:
    if verdict is None:
        return dict.fromkeys(_FIELDS, "")
    chosen = verdict.earliest_error
    return {
        "earliest_error": "" if chosen is None else str(chosen),
        "error_type": verdict.error_type,
        "correction": verdict.correction,
        "note": verdict.explanation,
    }


def _sent(form: ReviewForm) -> dict[str, str]:
    sent = [*_FIELDS, "models_shown", "models_shown_before"]
    return {name: form.data.get(name, "") for name in sent}
