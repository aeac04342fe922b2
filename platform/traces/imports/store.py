"""Store a stream of records: stage it by COPY, then upsert it in one transaction.

A trace is identified by its dataset and its id. A row with a stored id and the same content is
known: only missing answers are added. With other content it is rejected, since verdicts refer to
the stored steps. Labels become verdicts of the dataset's reference judge, and a changed label is a
new revision. To store the same rows again changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from database.advisory_lock import advisory_lock
from traces.imports import upsert_sql
from traces.imports.staging import Progress, stage
from traces.models import Dataset, Judge
from traces.records import RejectedRow, TraceRecord

# From this many new traces on the planner's statistics are renewed at once, before autovacuum.
ANALYZE_FROM = 1_000


@dataclass(slots=True)
class Counts:
    """The counts of an import. `rows_read` = traces new + traces known + rejected."""

    rows_read: int = 0
    problems_new: int = 0
    traces_new: int = 0
    traces_known: int = 0
    traces_duplicate: int = 0
    labels_new: int = 0
    labels_changed: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Stored:
    dataset_id: int
    counts: Counts


def store(
    rows: Iterable[TraceRecord | RejectedRow],
    *,
    dataset_name: str,
    import_id: int | None = None,
    progress: Progress | None = None,
) -> Stored:
    """Store all rows or, on an error, none, and return the counts.

    With an `import_id` the rejected rows are stored with the import, and the labels name it as
    their origin. Imports into one dataset wait for each other. Memory does not grow with the rows.
    """
    progress = progress or Progress()
    with transaction.atomic(), connection.cursor() as cursor:
        stage(cursor, rows, progress)
        cursor.execute(upsert_sql.SETTINGS)
        cursor.execute(upsert_sql.ANALYZE_STAGED)
        # Imports into one dataset wait for each other.
        advisory_lock(f"traces.import:{dataset_name}")
        dataset_id = _dataset(dataset_name)
        ids = {"dataset": dataset_id, "import": import_id}
        counts = _upsert(cursor, ids, dataset_name)
        counts.rows_read = progress.rows_read
        counts.rejected += progress.rejected
        if import_id is not None and counts.rejected:
            cursor.execute(upsert_sql.WRITE_REJECTIONS, ids)
    return Stored(dataset_id, counts)


def renew_statistics(counts: Counts) -> None:
    """Renew the planner's statistics after a large import, without the columns of texts.

    Call it outside the import's transaction: ANALYZE holds a lock that other imports wait for.
    """
    if counts.traces_new < ANALYZE_FROM:
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE traces_problem (dataset_id, subset, content_hash)")
        cursor.execute(
            "ANALYZE traces_trace"
            " (dataset_id, problem_id, generator_id, external_id, content_hash, step_count)"
        )
        cursor.execute("ANALYZE traces_verdict (trace_id, judge_id, is_current, earliest_error)")


def rejected_rows(limit: int) -> list[RejectedRow]:
    """Return the first rows that the last `store` rejected, within its transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line, field, reason, excerpt FROM ({upsert_sql.REJECTIONS}) AS refused"  # noqa: S608
            " ORDER BY row LIMIT %(limit)s",
            {"limit": limit},
        )
        return [RejectedRow(*row) for row in cursor.fetchall()]


def _dataset(name: str) -> int:
    """Return the id of the dataset, made where there is none of that name."""
    Dataset.objects.bulk_create([Dataset(name=name)], ignore_conflicts=True)
    return Dataset.objects.values_list("pk", flat=True).get(name=name)


def _upsert(cursor: Any, ids: dict[str, Any], dataset_name: str) -> Counts:
    counts = Counts()
    _decide_fates(cursor, ids)
    cursor.execute(upsert_sql.COUNT_FATES)
    counts.traces_new, counts.traces_known, counts.rejected = cursor.fetchone()
    cursor.execute("SELECT EXISTS (SELECT FROM staged WHERE labelled)")
    labelled = cursor.fetchone()[0]
    if labelled:
        ids["judge"] = _reference_judge(ids["dataset"], dataset_name)
    if counts.traces_new:
        _insert_new(cursor, ids, counts, labelled)
    cursor.execute(upsert_sql.COMPLETE_PROBLEMS, ids)
    if counts.traces_known:
        _complete_known(cursor, ids, counts, labelled)
    return counts


def _decide_fates(cursor: Any, ids: dict[str, Any]) -> None:
    cursor.execute(upsert_sql.DROP)
    cursor.execute(upsert_sql.REPEATED)
    repeated = cursor.rowcount > 0
    if repeated:
        cursor.execute(upsert_sql.LABELS_OF_REPEATED)
    cursor.execute(upsert_sql.FATE, ids)
    if repeated:
        cursor.execute(upsert_sql.TRACES_OF_REPEATED)
    cursor.execute("ANALYZE fate")


def _insert_new(cursor: Any, ids: dict[str, Any], counts: Counts, labelled: bool) -> None:
    cursor.execute(upsert_sql.COUNT_DUPLICATES, ids)
    counts.traces_duplicate = cursor.fetchone()[0]
    cursor.execute(upsert_sql.GENERATORS)
    cursor.execute(upsert_sql.PROBLEMS, ids)
    counts.problems_new = cursor.rowcount
    cursor.execute(upsert_sql.TRACES, ids)
    if labelled:
        cursor.execute(upsert_sql.VERDICTS_OF_NEW, ids)
        counts.labels_new = cursor.rowcount


def _complete_known(cursor: Any, ids: dict[str, Any], counts: Counts, labelled: bool) -> None:
    cursor.execute(upsert_sql.COMPLETE_TRACES)
    if labelled:
        cursor.execute(upsert_sql.RETIRE_VERDICTS, ids)
        counts.labels_changed = cursor.rowcount
        cursor.execute(upsert_sql.VERDICTS_OF_KNOWN, ids)
        counts.labels_new += cursor.rowcount - counts.labels_changed


def _reference_judge(dataset_id: int, name: str) -> int:
    judge, _ = Judge.objects.get_or_create(
        dataset_id=dataset_id, defaults={"kind": Judge.Kind.REFERENCE, "name": name}
    )
    return judge.pk
