"""Streaming of the selected traces, a problem's together, in a fixed order.

PostgreSQL walks `chosen` in order, looks up each trace and sends the rows as it finds them, so no
text is sorted, memory stays flat at any size, and neither side waits for the other. The rows arrive
in binary and are decoded in batches.
"""

from collections.abc import Generator, Iterator, Sequence
from itertools import chain, groupby, islice, starmap
from operator import attrgetter
from typing import Any

import orjson
import psycopg
from django.db import connection
from psycopg.types.json import set_json_loads

from exports.recipes.base import Recipe
from exports.recipes.labelled_trace import LabelledTrace
from traces.fields import may_be_escaped, unescape, unescape_json

# Of rows that are decoded at once: about 40 KB, so that many are on their way in the socket.
BATCH = 50
# Looking up row by row keeps the order of `chosen`; any other plan sorts the texts.
_PLAN = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"

# Where each field of a LabelledTrace is, and what stands for it where it is not wanted.
_COLUMNS = {
    "split": "c.split",
    "problem_id": "c.problem_id",
    "problem": "p.text",
    "trace_id": "c.trace_id",
    "steps": "t.steps",
    "final_answer_correct": "c.final_answer_correct",
    "verdict_id": "c.verdict_id",
    "earliest_error": "c.earliest_error",
    "subset": "p.subset",
    "external_id": "t.external_id",
    "generator": "g.name",
    "generator_revision": "g.revision",
    "step_labels": "v.step_labels",
    "error_type": "v.error_type",
    "explanation": "v.explanation",
    "correction": "v.correction",
    "reference_answer": "p.reference_answer",
    "reference_solution": "p.reference_solution",
    "judge_id": "c.judge_id",
    "judge_kind": "j.kind",
    "final_answer": "t.final_answer",
    "metadata": "t.metadata",
}
_ABSENT = {None: "NULL", "": "''", 0: "0"}
_JOINS = {
    "p.": "JOIN traces_problem p ON p.id = c.problem_id",
    "t.": "JOIN traces_trace t ON t.id = c.trace_id",
    "g.": "JOIN traces_generator g ON g.id = c.generator_id",
    "v.": "JOIN traces_verdict v ON v.id = c.verdict_id",
    "j.": "JOIN traces_judge j ON j.id = c.judge_id",
}
OPTIONAL = frozenset(LabelledTrace._field_defaults)
_PLACES = {name: place for place, name in enumerate(_COLUMNS)}
_STEPS = _PLACES["steps"]
# Texts that may hold U+0000, escaped.
_EXACT = frozenset(
    {"problem", "reference_answer", "reference_solution", "final_answer", "explanation"}
    | {"correction"}
)
# The most traces that a recipe is given at once, where it does not need a problem's all.
PIECE = 1_000


def chosen_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chosen")
        (count,) = cursor.fetchone()
    return int(count)


def by_problem(recipe: Recipe) -> Generator[list[LabelledTrace]]:
    """Yield the selected traces, a problem's together, in pieces if the recipe allows.

    Until it is exhausted or closed, the connection can run nothing else.
    """
    for _, traces in groupby(labelled_traces(recipe.reads), attrgetter("problem_id")):
        if recipe.whole_problems:
            yield list(traces)
        else:
            while piece := list(islice(traces, PIECE)):
                yield piece


def labelled_traces(reads: frozenset[str] = frozenset()) -> Iterator[LabelledTrace]:
    """Yield the selected traces, with the optional fields that `reads` names."""
    exact = [_PLACES[name] for name in _EXACT if name in reads | {"problem"}]
    for rows in _batches(reads):
        # Almost no text is escaped: a look at a batch's texts together spares one at each.
        texts = [row[place] for row in rows for place in exact if row[place]]
        texts += chain.from_iterable([row[_STEPS] for row in rows])
        if may_be_escaped("".join(texts)):
            rows = [_unescaped(row, exact) for row in rows]
        yield from starmap(LabelledTrace, rows)


def _unescaped(row: Sequence[Any], exact: list[int]) -> Sequence[Any]:
    values = list(row)
    for place in exact:
        values[place] = values[place] and unescape(values[place])
    values[_STEPS] = [unescape(step) for step in values[_STEPS]]
    return values


def _batches(reads: frozenset[str]) -> Iterator[Sequence[Sequence[Any]]]:
    with connection.cursor() as settings:
        settings.execute(_PLAN)
    # Django's own cursors put a query's values in on this side, and can't receive binary rows.
    cursor = psycopg.Cursor(connection.connection)
    if "metadata" in reads:
        set_json_loads(_loads, cursor)
    rows = cursor.stream(_query(reads), binary=True, size=BATCH)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _query(reads: frozenset[str]) -> str:
    """Return the SELECT of the fields up to the last wanted; later ones keep their defaults."""
    wanted = [name not in OPTIONAL or name in reads for name in _COLUMNS]
    read = list(zip(_COLUMNS.items(), wanted, strict=True))[
        : len(wanted) - wanted[::-1].index(True)
    ]
    columns = [
        expression if is_wanted else _ABSENT[LabelledTrace._field_defaults[name]]
        for (name, expression), is_wanted in read
    ]
    joins = [join for alias, join in _JOINS.items() if any(c.startswith(alias) for c in columns)]
    return (
        f"SELECT {', '.join(columns)} "  # noqa: S608
        f"FROM (SELECT * FROM chosen ORDER BY problem_id, trace_id) AS c {' '.join(joins)} "
        "ORDER BY c.problem_id, c.trace_id"
    )


def _loads(stored: bytes | str) -> Any:
    raw = stored.encode() if isinstance(stored, str) else bytes(stored)
    return unescape_json(raw, orjson.loads(raw))
