"""Which traces an export holds, and whose verdict counts on each where several exist."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Self

from django.db import connection, transaction

from exports.labelled import LabelledTrace
from traces.exact_text import unescape

# Read at a time from the server-side cursor: memory stays flat whatever the size.
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Choices:
    """The rule of an export.

    `labels` is "best" (the consensus, else people who all name the same step, else the reference),
    "reference", "human" (people who agree), or the id of one judge.
    """

    labels: str = "best"
    subset: str = ""
    generator: int | None = None

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


# One verdict a trace: usable, current, by a judge the rule allows, the first by the rule's order. A
# person's counts only where no other person names another step.
_SQL = """
SELECT 'train', p.id, p.subset, p.text, p.reference_answer, p.reference_solution,
       t.id, t.external_id, g.name, g.revision, t.steps, t.final_answer, t.final_answer_correct,
       t.metadata, v.id, v.judge_id, v.kind, v.earliest_error, v.step_labels, v.scores,
       v.error_type, v.explanation, v.correction
FROM traces_trace t
JOIN traces_problem p ON p.id = t.problem_id
JOIN traces_generator g ON g.id = t.generator_id
JOIN LATERAL (
    SELECT v.*, j.kind
    FROM traces_verdict v
    JOIN traces_judge j ON j.id = v.judge_id
    WHERE v.trace_id = t.id AND v.is_current AND v.earliest_error IS NOT NULL
      AND (j.kind = ANY(%(kinds)s) OR j.id = %(judge)s)
      AND (j.kind <> 'human' OR j.id = %(judge)s OR NOT EXISTS (
            SELECT FROM traces_verdict other
            JOIN traces_judge person ON person.id = other.judge_id
            WHERE other.trace_id = t.id AND other.is_current AND person.kind = 'human'
              AND other.earliest_error IS DISTINCT FROM v.earliest_error))
    ORDER BY array_position(%(kinds)s::text[], j.kind::text), v.id
    LIMIT 1
) v ON true
WHERE t.dataset_id = %(dataset)s
  AND (%(subset)s = '' OR p.subset = %(subset)s)
  AND (%(generator)s::bigint IS NULL OR t.generator_id = %(generator)s)
ORDER BY p.id, t.id
"""

_KINDS = {
    "best": ["consensus", "human", "reference"],
    "human": ["human"],
    "reference": ["reference"],
}


def labelled_traces(dataset_id: int, choices: Choices) -> Iterator[LabelledTrace]:
    """The traces that the rule chooses, a problem's together, streamed in a fixed order."""
    parameters = {
        "dataset": dataset_id,
        "subset": choices.subset,
        "generator": choices.generator,
        "kinds": _KINDS.get(choices.labels, []),
        "judge": None if choices.labels in _KINDS else int(choices.labels),
    }
    connection.ensure_connection()
    # A server-side cursor lives as long as its transaction, which is one snapshot of the data.
    with transaction.atomic(), connection.connection.cursor(name="export") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(_SQL, parameters)
        for row in cursor:
            yield _labelled(row)


def by_problem(traces: Iterator[LabelledTrace]) -> Iterator[list[LabelledTrace]]:
    for _, group in groupby(traces, attrgetter("problem_id")):
        yield list(group)


def _labelled(row: tuple[Any, ...]) -> LabelledTrace:
    values = list(row)
    for place in (3, 4, 5, 11, 21, 22):
        if values[place]:
            values[place] = unescape(values[place])
    values[10] = [unescape(step) for step in values[10]]
    return LabelledTrace(*values)
