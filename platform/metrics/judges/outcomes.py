"""Traces by outcome: where a judge agrees with the reference, and how it differs."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import User
from metrics.reports.query import MetricsQuery
from traces.models import Trace, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome. `condition` is SQL over the reference's `label` and the judge's `said` label."""

    label: str
    meaning: str
    condition: str


# Named as the fields of `confusion.Outcomes`; the misses first: they are what is looked for.
OUTCOMES = {
    "too_early": Outcome(
        "too early",
        "a step before the first error was marked wrong",
        "said >= 0 AND said < label",
    ),
    "too_late": Outcome(
        "too late",
        "the first error was missed and a later step named",
        "label >= 0 AND said > label",
    ),
    "missed": Outcome("missed", "a trace with an error was accepted", "label >= 0 AND said = -1"),
    "false_alarm": Outcome(
        "false alarm", "a correct trace was marked wrong", "label = -1 AND said >= 0"
    ),
    "unparsable": Outcome("no usable answer", "counted as wrong", "said = -2"),
    "exact": Outcome("found", "the exact step was named", "label >= 0 AND said = label"),
    "accepted": Outcome("accepted", "a correct trace was accepted", "label = -1 AND said = -1"),
}


@dataclass(frozen=True, slots=True)
class OutcomeTrace:
    """A trace with both labels: 0-based, -1 for no error, None for no usable answer.

    `is_withheld` where the reader is still to review the trace: nothing of it is shown.
    """

    trace: Trace
    label: int
    said: int | None
    is_withheld: bool


class OutcomeTraces:
    """Traces of one outcome of `query.judge`, in order; a slice reads one page for `reader`.

    `total` is the page's own count: counting again would read them all.
    """

    def __init__(self, outcome: str, query: MetricsQuery, total: int, *, reader: User) -> None:
        self.outcome = OUTCOMES[outcome]
        self.query = query
        self.total = total
        self.reader = reader

    def __len__(self) -> int:
        return self.total

    def count(self) -> int:
        return self.total

    def __getitem__(self, places: slice) -> list[OutcomeTrace]:
        """Return a page of traces. Three queries, two for a lead, none where there are none."""
        first, last = places.start or 0, min(places.stop or self.total, self.total)
        if first >= last:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                _BEHIND.format(condition=self.outcome.condition), self._values(first, last)
            )
            rows = cursor.fetchall()
        found = [trace for trace, _, _ in rows]
        traces = Trace.objects.select_related("problem", "generator").in_bulk(found)
        said_of_them = Verdict.objects.current().filter(trace__in=found)
        withheld = set(said_of_them.hidden_from(self.reader).values_list("trace", flat=True))
        return [
            OutcomeTrace(traces[trace], label, None if said < -1 else said, trace in withheld)
            for trace, label, said in rows
            if trace in traces
        ]

    def _values(self, first: int, last: int) -> dict[str, Any]:
        return {
            "datasets": list(self.query.datasets),
            "reference": self.query.reference,
            "judge": self.query.judge,
            "traces": self.query.trace_ids(),
            "limit": last - first,
            "offset": first,
        }


_BEHIND = """
    SELECT trace_id, label, said
    FROM (
        SELECT trace_id,
            labels[array_position(judges, coalesce(%(reference)s::bigint, own.id))] AS label,
            labels[array_position(judges, %(judge)s::bigint)] AS said
        FROM metrics_tracesnapshot fact
        LEFT JOIN traces_judge own ON own.dataset_id = fact.dataset_id
        WHERE fact.dataset_id = ANY(%(datasets)s)
          AND (%(traces)s::bigint[] IS NULL OR trace_id = ANY(%(traces)s))
    ) AS judged
    WHERE label >= -1 AND {condition}
    ORDER BY trace_id LIMIT %(limit)s OFFSET %(offset)s
"""
