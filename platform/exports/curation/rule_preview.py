"""Preview of a rule in numbers, shown next to the rule while it is edited."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from exports.curation.rule import Rule
from exports.curation.select import Exclusion, choose
from exports.errors import RuleError
from traces.models import Dataset

# A page waits no longer than this; the export itself waits as long as it takes.
SECONDS = 60


@dataclass(frozen=True, slots=True)
class SplitCount:
    split: str
    problems: int
    right: int
    wrong: int

    @property
    def traces(self) -> int:
        return self.right + self.wrong


@dataclass(frozen=True, slots=True)
class SourceCount:
    kind: str
    traces: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a rule; `labelled` traces have a verdict and pass the rule's own conditions.

    `left_out` says which step removed the others on the way to the splits.
    """

    labelled: int
    left_out: list[Exclusion]
    splits: list[SplitCount]
    sources: list[SourceCount]

    @property
    def traces(self) -> int:
        return sum(split.traces for split in self.splits)


_SPLITS = """
SELECT split, count(DISTINCT problem_id), count(*) FILTER (WHERE earliest_error < 0),
       count(*) FILTER (WHERE earliest_error >= 0)
FROM chosen GROUP BY split ORDER BY array_position(ARRAY['train', 'validation', 'test'], split)
"""
_SOURCES = """
SELECT j.kind, sum(n)::bigint FROM (SELECT judge_id, count(*) AS n FROM chosen GROUP BY judge_id) c
JOIN traces_judge j ON j.id = c.judge_id GROUP BY j.kind ORDER BY 2 DESC, 1
"""


def count(dataset: Dataset, rule: Rule, *, for_training: bool = True) -> Counts:
    """Count a rule's traces.

    Raises RuleError where the rule does not fit the dataset or takes too long to count.
    """
    with transaction.atomic(), _limited():
        left_out = choose(dataset, rule, for_training=for_training)
        with connection.cursor() as cursor:
            cursor.execute(_SPLITS)
            splits = [SplitCount(*row) for row in cursor.fetchall()]
            cursor.execute(_SOURCES)
            sources = [SourceCount(*row) for row in cursor.fetchall()]
            # Counting again, with another rule, is possible in the same transaction.
            cursor.execute("DROP TABLE IF EXISTS chosen, cluster")
    kept = sum(split.traces for split in splits)
    return Counts(kept + sum(step.traces for step in left_out), left_out, splits, sources)


@contextmanager
def _limited() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
    try:
        yield
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise RuleError(
            f"Counting took more than {SECONDS} seconds. The export itself has no such limit."
        ) from error
