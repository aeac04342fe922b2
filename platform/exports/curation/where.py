"""A rule's own conditions on a trace, in SQL over `t`, the row of traces_trace."""

from typing import Any

from exports.curation.rule import Rule
from exports.errors import RuleError
from traces.datasets.trace_filter import selected
from traces.models import Dataset


def conditions_of(dataset: Dataset, rule: Rule) -> tuple[str, dict[str, Any]]:
    """Return SQL and its values.

    Raises RuleError where the filter no longer fits the dataset.
    """
    parts = ["t.dataset_id = %(dataset)s", "t.is_current_segmentation"]
    values: dict[str, Any] = {"dataset": dataset.pk}
    if rule.generators:
        parts.append("t.generator_id = ANY(%(generators)s)")
        values["generators"] = list(rule.generators)
    if rule.subsets:
        parts.append(
            "t.problem_id IN (SELECT id FROM traces_problem "
            "WHERE dataset_id = %(dataset)s AND subset = ANY(%(subsets)s))"
        )
        values["subsets"] = list(rule.subsets)
    for name, condition in _BOUNDS.items():
        bound = getattr(rule, name)
        if bound is not None:
            parts.append(condition)
            values[name] = bound
    if rule.filter:
        parts.append("t.id = ANY(%(filtered)s)")
        values["filtered"] = _filtered(dataset, rule)
    return " AND ".join(parts), values


_BOUNDS = {
    "least_steps": "t.step_count >= %(least_steps)s",
    "most_steps": "t.step_count <= %(most_steps)s",
    # Characters as they are stored: a line of its own for each step, none between them.
    "most_characters": "length(array_to_string(t.steps, '')) <= %(most_characters)s",
}


def _filtered(dataset: Dataset, rule: Rule) -> list[int]:
    try:
        return list(selected(dataset, rule.filter).values_list("pk", flat=True))
    except ValueError as error:
        raise RuleError(str(error)) from error
