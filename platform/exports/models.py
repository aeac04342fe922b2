"""Curation rules, exports and the index of what they hold."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jobs.models import Job, JobProgress, Silence


class CurationRule(models.Model):
    """One version of a rule. A trigger keeps it immutable: an edit makes a new version."""

    dataset = models.ForeignKey("traces.Dataset", models.CASCADE, related_name="curation_rules")
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    # An `exports.curation.rule.Rule`, less what is usual.
    rule = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "name", "version"], name="curation_rule_once"
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="curation_rule_version"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="rule_version_is_immutable",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("dataset", "name", "version", "rule"),
                func=(
                    "RAISE EXCEPTION 'A version of a rule is immutable; make a new one.'"
                    " USING ERRCODE = 'integrity_constraint_violation';"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Export(Job):
    """One recipe over one dataset. The folder appears whole, by a rename, at the end.

    A silent one fails: another attempt would write to the folder that a slow worker may write to.
    """

    TASK = "exports.write_export"
    ON_SILENCE = Silence.FAIL
    SILENCE_ERROR = "The worker of this export stopped responding. Export again."
    CLEAN_UP = "exports.export_job.discard"

    recipe = models.CharField(max_length=64)
    dataset = models.ForeignKey("traces.Dataset", models.PROTECT, related_name="exports")
    # The rule's version where it is saved under a name, and in any case what it said.
    rule_version = models.ForeignKey(
        CurationRule, models.PROTECT, null=True, blank=True, related_name="exports"
    )
    rule = models.JSONField(default=dict, blank=True)
    # The recipe's own choices, and `exports.files.layout.Layout`: how the files are written.
    options = models.JSONField(default=dict, blank=True)
    layout = models.JSONField(default=dict, blank=True)
    # What it is at, in a word, and how far: traces gone through of those chosen.
    stage = models.CharField(max_length=32, blank=True)
    trace_count = models.PositiveBigIntegerField(null=True, blank=True)
    traces_done = models.PositiveBigIntegerField(default=0)
    row_count = models.PositiveBigIntegerField(default=0)
    # What was written, from which verdicts, with the sha256 of every file.
    manifest = models.JSONField(null=True, blank=True)
    # Of manifest.json: the same for the same rows, wherever the folder is.
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    # Where the folder is: "" for the data folder, else s3://bucket/prefix.
    location = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def progress(self) -> JobProgress:
        return JobProgress(self.traces_done, self.trace_count, "traces")


class HeldIds(models.Model):
    """A piece of the sorted ids of verdicts or traces that an export holds.

    The pieces of an export do not overlap, so an id is in the piece with the greatest `first` not
    above it, or in none: one index lookup an export, and eight bytes an id.
    """

    class Kind(models.TextChoices):
        VERDICT = "verdict", "verdict"
        TRACE = "trace", "trace"

    export = models.ForeignKey(Export, models.CASCADE, related_name="held", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    ids = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "kind", "first"], name="held_ids_once"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="held_ids_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}s {self.first} to {self.last} of export {self.export_id}"


class HubPush(Job):
    """A push of a finished export to the Hugging Face Hub, which takes all of it or nothing."""

    TASK = "exports.push_export"
    ON_SILENCE = Silence.FAIL
    SILENCE_ERROR = "The worker of this push stopped responding. Push again."

    export = models.ForeignKey(Export, models.CASCADE, related_name="pushes")
    repository = models.CharField(max_length=200)
    private = models.BooleanField(default=True)
    # The commit's address once it is there.
    url = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"push of {self.export} to {self.repository}"
