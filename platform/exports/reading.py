"""Reading the chosen traces out of the database, a problem's together, in a fixed order.

One binary COPY streams the rows: PostgreSQL walks `picked` in order and looks each trace up, so
nothing is sorted and memory stays flat whatever the size. Generators and judges are few and looked
up here.
"""

from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection
from psycopg.types.json import set_json_loads

from exports.labelled import LabelledTrace
from exports.recipes.base import Recipe
from traces.exact_text import unescape, unescape_json
from traces.models import Generator, Judge

# Sorted once here, where rows are small.
_PICK = """
CREATE TEMP TABLE picked ON COMMIT DROP AS
SELECT problem_id, trace_id, verdict_id, split FROM chosen ORDER BY problem_id, trace_id
"""
# Looking up row by row keeps the order of `picked`; any other plan sorts the texts.
_PLAN = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"

_COLUMNS = {
    "split": ("c.split", "text"),
    "problem_id": ("p.id", "int8"),
    "subset": ("p.subset", "text"),
    "problem": ("p.text", "text"),
    "reference_answer": ("p.reference_answer", "text"),
    "reference_solution": ("p.reference_solution", "text"),
    "trace_id": ("t.id", "int8"),
    "external_id": ("t.external_id", "text"),
    "generator": ("t.generator_id", "int8"),
    "generator_revision": ("NULL::text", "text"),
    "steps": ("t.steps", "text[]"),
    "final_answer": ("t.final_answer", "text"),
    "final_answer_correct": ("t.final_answer_correct", "bool"),
    "metadata": ("t.metadata", "jsonb"),
    "verdict_id": ("v.id", "int8"),
    "judge_id": ("v.judge_id", "int8"),
    "judge_kind": ("NULL::text", "text"),
    "earliest_error": ("v.earliest_error", "int2"),
    "step_labels": ("v.step_labels", "int2[]"),
    "scores": ("v.scores", "float8[]"),
    "error_type": ("v.error_type", "text"),
    "explanation": ("v.explanation", "text"),
    "correction": ("v.correction", "text"),
}
# Read for the recipes that name them; what others get in their place, in SQL.
OPTIONAL = {
    "reference_answer": "NULL",
    "reference_solution": "NULL",
    "final_answer": "NULL",
    "metadata": "NULL",
    "step_labels": "NULL",
    "scores": "NULL",
    "error_type": "''",
    "explanation": "''",
    "correction": "''",
}
_PLACES = {name: place for place, name in enumerate(LabelledTrace._fields)}
# Texts that may hold U+0000, escaped.
_EXACT = ("problem", "reference_answer", "reference_solution", "final_answer")
_EXACT_OF_VERDICT = ("explanation", "correction")
# The most traces that a recipe is given at once, where it does not need a problem's all.
PIECE = 1_000


def pick() -> int:
    """Make the table `picked` of `chosen`, in the transaction of both; how many traces it has."""
    with connection.cursor() as cursor:
        cursor.execute(_PICK)
        count = cursor.rowcount
        cursor.execute("ANALYZE picked")
    return count


def by_problem(recipe: Recipe) -> Iterator[list[LabelledTrace]]:
    """The picked traces, a problem's together; in pieces where the recipe can do with pieces."""
    for _, traces in groupby(labelled_traces(recipe.reads), attrgetter("problem_id")):
        if recipe.whole_problems:
            yield list(traces)
        else:
            while piece := list(islice(traces, PIECE)):
                yield piece


def labelled_traces(reads: frozenset[str] = frozenset()) -> Iterator[LabelledTrace]:
    """The picked traces, with the optional fields that `reads` names."""
    generators = {g.pk: (g.name, g.revision) for g in Generator.objects.all()}
    kinds = dict(Judge.objects.values_list("pk", "kind"))
    exact = [_PLACES[name] for name in _EXACT + _EXACT_OF_VERDICT if name in reads | {"problem"}]
    places = [_PLACES[name] for name in ("steps", "generator", "generator_revision", "judge_kind")]
    steps, generator, revision, kind = places
    judge, metadata = _PLACES["judge_id"], _PLACES["metadata"]
    make = LabelledTrace._make
    nothing: dict[str, Any] = {}
    for row in _rows(reads):
        values = list(row)
        for place in exact:
            if values[place]:
                values[place] = unescape(values[place])
        values[steps] = [unescape(step) for step in values[steps]]
        values[generator], values[revision] = generators[values[generator]]
        values[kind] = kinds[values[judge]]
        if values[metadata] is None:
            values[metadata] = nothing
        yield make(values)


def _rows(reads: frozenset[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of one COPY; a field that is not read is its constant, which PostgreSQL sends."""
    read = [name not in OPTIONAL or name in reads for name in _COLUMNS]
    columns = [
        expression if wanted else f"{OPTIONAL[name]}::{kind}"
        for (name, (expression, kind)), wanted in zip(_COLUMNS.items(), read, strict=True)
    ]
    query = (
        f"SELECT {', '.join(columns)} FROM picked c "  # noqa: S608
        "JOIN traces_problem p ON p.id = c.problem_id JOIN traces_trace t ON t.id = c.trace_id "
        "JOIN traces_verdict v ON v.id = c.verdict_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(_PLAN)
        set_json_loads(_loads, cursor.cursor)
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:
            copy.set_types([kind for _, kind in _COLUMNS.values()])
            yield from copy.rows()


def _loads(stored: bytes | str) -> Any:
    raw = stored.encode() if isinstance(stored, str) else bytes(stored)
    return unescape_json(raw, orjson.loads(raw))
