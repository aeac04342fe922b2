"""What PostgreSQL did for a statement: the parts of its plan, and the rows that each touched."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

Node = dict[str, Any]


def explained(sql: str, parameters: Any) -> list[Node]:
    """Run the statement and return the nodes of its plan."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", parameters)
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    return list(_nodes(plan[0]["Plan"]))


def most_rows(plan: list[Node]) -> int:
    """Return the most rows that one node of the plan read, discarded ones included."""
    return max(
        int(node["Actual Loops"] * (node["Actual Rows"] + _thrown_away(node))) for node in plan
    )


def _thrown_away(node: Node) -> float:
    return float(node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0))


def _nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
