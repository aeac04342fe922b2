"""Summaries: counts that follow the verdicts, so that pages need not read a million.

Nothing here is a source of truth, and `misstep check_summaries` holds all of it against what is.
Rows name datasets, judges and generators by number without a foreign key: the counts of something
that was deleted go when the change is taken in, not before. `metrics.summaries.refresh` says how.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from jobs.models import Job
from traces.models import Problem, Trace, Verdict

# In a summary, where a null could not be part of a key: a verdict without a usable answer, and a
# final answer that nobody judged.
NO_ANSWER = -2
NOT_KNOWN = -1


class PendingChange(models.Model):
    """A trace with a change that no summary has applied yet; written by triggers."""

    trace_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"trace {self.trace_id}"


class TraceSnapshot(models.Model):
    """A trace in its current segmentation, with its current verdicts, as the summaries have it.

    The three arrays have one entry a verdict, in the order of the judges' ids.
    """

    trace_id = models.BigIntegerField(primary_key=True)
    dataset_id = models.BigIntegerField()
    problem_id = models.BigIntegerField()
    subset = models.TextField()
    generator_id = models.BigIntegerField()
    step_count = models.SmallIntegerField()
    answer = models.SmallIntegerField()  # 1 right, 0 wrong, -1 not known
    judges = ArrayField(models.BigIntegerField())
    labels = ArrayField(models.SmallIntegerField())  # 0-based, -1 no error, -2 no usable answer
    types = ArrayField(models.TextField())  # of the error that the judge found, or ""
    # Of the judges with a usable answer: 1 for reference labels, 2 for people, 4 for a consensus
    # and 8 for models, added up.
    kinds = models.SmallIntegerField(default=0)

    class Meta:
        indexes = [
            # All traces of the problems that a change touches.
            models.Index(fields=["problem_id"], name="fact_by_problem"),
            # All traces of a dataset, for figures that need each of them.
            models.Index(fields=["dataset_id"], name="fact_by_dataset"),
        ]

    def __str__(self) -> str:
        return f"trace {self.trace_id}"


class Total(models.Model):
    """A count for each combination of the other columns that occurs."""

    dataset_id = models.BigIntegerField()
    subset = models.TextField()
    n = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.n} in dataset {self.dataset_id}"


class PairCount(Total):
    """Traces by the labels of two judges, the smaller judge id first."""

    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    generator_id = models.BigIntegerField()
    first_label = models.SmallIntegerField()
    second_label = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "dataset_id",
                    "first_id",
                    "second_id",
                    "subset",
                    "generator_id",
                    "first_label",
                    "second_label",
                ],
                name="label_pair_once",
            )
        ]
        indexes = [
            # A judge's page: the pairs in which it is the second.
            models.Index(fields=["dataset_id", "second_id"], name="label_pair_by_second")
        ]


class ProblemProfile(Total):
    """Problems by four counts of their traces, for a judge against a reference."""

    reference_id = models.BigIntegerField()
    judge_id = models.BigIntegerField()
    erroneous = models.IntegerField()
    erroneous_found = models.IntegerField()
    correct = models.IntegerField()
    correct_found = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "dataset_id",
                    "reference_id",
                    "judge_id",
                    "subset",
                    "erroneous",
                    "erroneous_found",
                    "correct",
                    "correct_found",
                ],
                name="problem_kind_once",
            )
        ]


class Profile(Total):
    """Traces by length, a judge's label and final answer."""

    judge_id = models.BigIntegerField()
    generator_id = models.BigIntegerField()
    step_count = models.SmallIntegerField()
    label = models.SmallIntegerField()
    answer = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "dataset_id",
                    "judge_id",
                    "generator_id",
                    "subset",
                    "step_count",
                    "label",
                    "answer",
                ],
                name="profile_once",
            )
        ]


class ErrorType(Total):
    """Erroneous traces by the error type that a judge gave."""

    judge_id = models.BigIntegerField()
    generator_id = models.BigIntegerField()
    error_type = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_id", "judge_id", "generator_id", "subset", "error_type"],
                name="error_type_once",
            )
        ]


class Difficulty(Total):
    """Traces by how often their problem is solved, and by whether a judge finds an error."""

    judge_id = models.BigIntegerField()
    generator_id = models.BigIntegerField()
    # See `metrics.stats.difficulty`.
    band = models.SmallIntegerField()
    finding = models.SmallIntegerField()  # 0 an error, -1 none, -2 no usable answer

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_id", "judge_id", "generator_id", "subset", "band", "finding"],
                name="difficulty_once",
            )
        ]


class Source(Total):
    """Traces by which kinds of judge gave them a usable verdict."""

    generator_id = models.BigIntegerField()
    kinds = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset_id", "generator_id", "subset", "kinds"], name="source_once"
            )
        ]


class Freshness(models.Model):
    """How far a dataset's summaries are; `version` grows with every change applied."""

    dataset_id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)
    traces = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"dataset {self.dataset_id} at {self.version}"


class ReportJob(Job):
    """The computation of one report. The report itself is a `StoredReport` of the same key.

    At most one row a report: a new request replaces the row of an earlier one that is over.
    """

    TASK = "metrics.refresh_report"

    # BLAKE2b of the name and the parameters.
    key = models.UUIDField(unique=True)
    name = models.TextField()
    parameters = models.JSONField()

    def __str__(self) -> str:
        return f"report {self.name}"


class StoredReport(models.Model):
    """A report too slow for a page, with the summaries' version it was computed from."""

    # BLAKE2b of the name and the parameters.
    key = models.UUIDField(primary_key=True)
    name = models.TextField()
    parameters = models.JSONField()
    version = models.BigIntegerField()
    value = models.JSONField()
    computed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


# The triggers that write `Change`. They are on the tables of `traces`, which knows nothing of the
# summaries, so they are declared on proxies of its models. Statement triggers: a million rows that
# are loaded at once are marked by one INSERT. Marks are never updated, so writers never wait for
# each other, nor for the task that applies the marks.
def _mark(operation: pgtrigger.Operation, name: str, *selects: str) -> pgtrigger.Trigger:
    """Return a trigger that marks the traces which the selects read from a statement's rows."""
    inserts = [f"INSERT INTO metrics_pendingchange (trace_id) {select};" for select in selects]
    func = "\n".join([*inserts, "RETURN NULL;"])
    rows = {age: f"{age}_rows" for age in ("old", "new") if f"{age}_rows" in func}
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**rows),
        func=func,
    )


def _mark_all(traces: str) -> list[pgtrigger.Trigger]:
    """Return triggers that mark the traces of every row that is written, changed or deleted."""
    old, new = (f"SELECT {traces} FROM {rows}" for rows in ("old_rows", "new_rows"))  # noqa: S608
    return [
        _mark(pgtrigger.Insert, "mark_added", new),
        _mark(pgtrigger.Update, "mark_changed", old, new),
        _mark(pgtrigger.Delete, "mark_deleted", old),
    ]


class MarkedVerdict(Verdict):
    """A verdict, whose every change marks its trace."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = _mark_all("DISTINCT trace_id")


class MarkedTrace(Trace):
    """A trace, marked by its every change."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = _mark_all("id")


class MarkedProblem(Problem):
    """A problem, whose traces are marked when its subset changes."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            _mark(
                pgtrigger.Update,
                "mark_changed",
                "SELECT trace.id FROM new_rows JOIN old_rows ON old_rows.id = new_rows.id"
                " JOIN traces_trace trace ON trace.problem_id = new_rows.id"
                " WHERE new_rows.subset <> old_rows.subset",
            )
        ]
