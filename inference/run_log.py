"""A run's log: written by whatever happens to the run, read on its page."""

from dataclasses import dataclass

from accounts.models import User
from inference.models import RunEvent, ScoringRun

# Lines shown at once; a run of a million traces whose endpoint fails has thousands.
SHOWN = 30


def log_run_event(run_id: int, sentence: str, *, user: User | None = None) -> None:
    """Add a line to the run's log, in the transaction of the event."""
    RunEvent.objects.create(run_id=run_id, sentence=sentence, user=user)


@dataclass(frozen=True, slots=True)
class LatestEvents:
    """The newest first, and how many older ones are not shown."""

    events: list[RunEvent]
    earlier: int


def latest_events(run: ScoringRun) -> LatestEvents:
    """Return the newest events of the run, in two queries."""
    events = run.events.select_related("user").order_by("-pk")
    return LatestEvents(list(events[:SHOWN]), max(0, events.count() - SHOWN))
