"""The rows of a person's review history."""

from dataclasses import dataclass
from datetime import datetime

from annotations.models import Lease
from traces.datasets.trace_page import finding_in_words
from traces.typesetting import plain

EXCERPT = 90  # characters of a problem


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review in the history. `lease` has its verdict, item, trace and problem loaded."""

    lease: Lease

    @property
    def pk(self) -> int:
        return self.lease.pk

    @property
    def problem(self) -> str:
        return plain(self.lease.item.trace.problem.text, EXCERPT)

    @property
    def finding(self) -> str:
        verdict = self.lease.verdict
        if verdict is None:
            return self.lease.get_state_display()
        return finding_in_words(verdict.earliest_error)

    @property
    def revision(self) -> int:
        return self.lease.verdict.revision if self.lease.verdict else 0

    @property
    def is_withdrawn(self) -> bool:
        return self.lease.verdict is not None and self.lease.verdict.withdrawn_at is not None

    @property
    def seconds(self) -> int | None:
        return self.lease.verdict.seconds_spent if self.lease.verdict else None

    @property
    def when(self) -> datetime | None:
        return self.lease.ended_at
