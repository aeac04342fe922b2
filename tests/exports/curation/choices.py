"""What a rule chooses: the external ids, or the label of each."""

from django.db import connection, transaction

from exports.curation.rule import Rule
from exports.curation.select import choose
from traces.models import Dataset


def chosen(dataset: Dataset, *, for_training: bool = True, **rule) -> dict[str, int]:
    """Return the counting step of each selected trace, by external id."""
    return {name: error for name, error, _ in _rows(dataset, for_training, Rule(**rule))}


def splits(dataset: Dataset, **rule) -> dict[str, str]:
    """Return the split of each selected trace, by external id."""
    return {name: split for name, _, split in _rows(dataset, True, Rule(**rule))}


def _rows(dataset: Dataset, for_training: bool, rule: Rule) -> list[tuple[str, int, str]]:
    with transaction.atomic(), connection.cursor() as cursor:
        choose(dataset, rule, for_training=for_training)
        cursor.execute(
            "SELECT t.external_id, c.earliest_error, c.split FROM chosen c "
            "JOIN traces_trace t ON t.id = c.trace_id ORDER BY t.id"
        )
        rows = cursor.fetchall()
        cursor.execute("DROP TABLE IF EXISTS chosen, cluster")
    return rows
