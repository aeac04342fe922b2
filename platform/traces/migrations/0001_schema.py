import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import traces.fields
import traces.models.trace

# A check constraint sees one row only. Referring to the trace and its step count as a pair makes the
# verdict's own step count true, and with it every constraint that compares against it.
STEP_COUNT_IS_THE_TRACES = """
ALTER TABLE traces_verdict
    ADD CONSTRAINT verdict_on_trace_with_step_count
    FOREIGN KEY (trace_id, step_count) REFERENCES traces_trace (id, step_count)
    ON DELETE CASCADE
"""
ANY_STEP_COUNT = "ALTER TABLE traces_verdict DROP CONSTRAINT verdict_on_trace_with_step_count"


class Migration(migrations.Migration):
    replaces = [
        ("traces", "0001_initial"),
        ("traces", "0002_verdict_refers_to_step_count"),
        ("traces", "0003_trace_id_before_dataset"),
        ("traces", "0004_review_scoring_and_links"),
        ("traces", "0005_cuts_and_signatures"),
        ("traces", "0006_variants_stated"),
        ("traces", "0007_trace_cut_anew"),
        ("traces", "0008_withdrawn_verdicts"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=100,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\Z",
                                "A dataset name consists of letters, digits, dots, dashes "
                                "and underscores, at most 100.",
                            )
                        ],
                    ),
                ),
                ("description", models.TextField(blank=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("is_benchmark", models.BooleanField(default=False)),
                ("members_only", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Generator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("revision", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "revision"), name="generator_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset_name", models.CharField(max_length=100)),
                ("source", models.TextField()),
                ("format", models.CharField(blank=True, max_length=64)),
                ("options", models.JSONField(blank=True, default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("finished", "finished"),
                            ("failed", "failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("rows_read", models.PositiveBigIntegerField(default=0)),
                ("problems_new", models.PositiveBigIntegerField(default=0)),
                ("traces_new", models.PositiveBigIntegerField(default=0)),
                ("traces_known", models.PositiveBigIntegerField(default=0)),
                ("traces_duplicate", models.PositiveBigIntegerField(default=0)),
                ("labels_new", models.PositiveBigIntegerField(default=0)),
                ("labels_changed", models.PositiveBigIntegerField(default=0)),
                ("rejected", models.PositiveBigIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="traces.dataset",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportRejection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveBigIntegerField()),
                ("field", models.TextField()),
                ("reason", models.TextField()),
                ("excerpt", models.TextField(blank=True)),
                (
                    "imported",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rejections",
                        to="traces.import",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Judge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reference", "reference"),
                            ("human", "human"),
                            ("model", "model"),
                            ("consensus", "consensus"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.TextField()),
                ("revision", models.TextField(blank=True)),
                (
                    "dataset",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reference_judge",
                        to="traces.dataset",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judge",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "name", "revision"), name="judge_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("dataset__isnull", False),
                                ("kind", "reference"),
                                ("user__isnull", True),
                            ),
                            models.Q(
                                ("dataset__isnull", True),
                                ("kind", "human"),
                                ("user__isnull", False),
                            ),
                            models.Q(
                                ("dataset__isnull", True),
                                ("kind__in", ["model", "consensus"]),
                                ("user__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="judge_kind_fits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subset", models.TextField(blank=True)),
                ("text", traces.fields.NulSafeTextField()),
                ("reference_answer", traces.fields.NulSafeTextField(blank=True, null=True)),
                ("reference_solution", traces.fields.NulSafeTextField(blank=True, null=True)),
                ("content_hash", models.UUIDField(editable=False)),
                (
                    "dataset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="traces.dataset",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["dataset", "subset"], name="problem_by_subset")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("content_hash", "dataset", "subset"), name="problem_once_a_subset"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("external_id", models.TextField()),
                (
                    "steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=traces.fields.NulSafeTextField(), size=None
                    ),
                ),
                ("step_count", models.PositiveSmallIntegerField(editable=False)),
                ("final_answer", traces.fields.NulSafeTextField(blank=True, null=True)),
                ("final_answer_correct", models.BooleanField(blank=True, null=True)),
                ("content_hash", models.UUIDField(db_index=True, editable=False)),
                ("metadata", models.JSONField(blank=True, default=dict)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="traces",
                        to="traces.dataset",
                    ),
                ),
                (
                    "generator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="traces",
                        to="traces.generator",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="traces",
                        to="traces.problem",
                    ),
                ),
                (
                    "recut_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recuts",
                        to="traces.trace",
                    ),
                ),
                ("is_current_cut", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["generator", "dataset"], name="trace_by_generator"),
                    models.Index(fields=["dataset", "id"], name="trace_in_order"),
                    models.Index(
                        condition=models.Q(("metadata__has_key", "variant_of")),
                        fields=["dataset"],
                        name="trace_states_variant",
                    ),
                    models.Index(
                        condition=models.Q(("is_current_cut", False)),
                        fields=["id"],
                        name="trace_cut_anew",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                traces.models.trace.Cardinality("steps"), models.F("step_count")
                            ),
                            models.Q(("step_count__gt", 0)),
                        ),
                        name="trace_step_count_true",
                    ),
                    models.UniqueConstraint(
                        fields=("id", "step_count"), name="trace_with_step_count"
                    ),
                    models.UniqueConstraint(
                        fields=("external_id", "dataset"), name="trace_once_a_dataset"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step_count", models.PositiveSmallIntegerField(editable=False)),
                ("revision", models.PositiveSmallIntegerField(default=1)),
                ("is_current", models.BooleanField(default=True)),
                ("earliest_error", models.SmallIntegerField(blank=True, null=True)),
                (
                    "scores",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), blank=True, null=True, size=None
                    ),
                ),
                (
                    "step_labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(null=True),
                        blank=True,
                        null=True,
                        size=None,
                    ),
                ),
                ("error_type", models.TextField(blank=True)),
                ("explanation", traces.fields.NulSafeTextField(blank=True)),
                ("correction", traces.fields.NulSafeTextField(blank=True)),
                ("failure", models.TextField(blank=True)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("import", "import"),
                            ("run", "scoring run"),
                            ("review", "review"),
                            ("consensus", "consensus"),
                            ("adjudication", "adjudication"),
                            ("recut", "re-cut"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "shown_judges",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, null=True, size=None
                    ),
                ),
                ("shown_before_deciding", models.BooleanField(blank=True, null=True)),
                ("seconds_spent", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "judge",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="traces.judge",
                    ),
                ),
                (
                    "trace",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="traces.trace",
                    ),
                ),
                ("confidence", models.FloatField(blank=True, null=True)),
                ("inclusion_probability", models.FloatField(blank=True, null=True)),
                (
                    "self_corrected",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), blank=True, null=True, size=None
                    ),
                ),
                ("severity", models.TextField(blank=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn_at__isnull", False)),
                        fields=["id"],
                        name="verdict_withdrawn",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("judge", "trace"),
                        name="verdict_one_current",
                    ),
                    models.UniqueConstraint(
                        fields=("trace", "judge", "revision"), name="verdict_revision_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest_error__isnull", True),
                            models.Q(
                                ("earliest_error__gte", -1),
                                ("earliest_error__lt", models.F("step_count")),
                            ),
                            _connector="OR",
                        ),
                        name="verdict_label_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest_error__isnull", True), ("failure", ""), _connector="XOR"
                        ),
                        name="verdict_failure_said",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            traces.models.trace.Cardinality("scores"), models.F("step_count")
                        ),
                        name="verdict_one_score_a_step",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            traces.models.trace.Cardinality("step_labels"), models.F("step_count")
                        ),
                        name="verdict_one_label_a_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence__isnull", True),
                            models.Q(("confidence__gte", 0), ("confidence__lte", 1)),
                            _connector="OR",
                        ),
                        name="verdict_confidence_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("inclusion_probability__isnull", True),
                            models.Q(
                                ("inclusion_probability__gt", 0), ("inclusion_probability__lte", 1)
                            ),
                            _connector="OR",
                        ),
                        name="verdict_inclusion_is_a_probability",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True), ("is_current", False), _connector="OR"
                        ),
                        name="verdict_withdrawn_not_current",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DatasetMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("annotator", "annotator"),
                            ("reviewer", "reviewer"),
                            ("lead", "lead"),
                        ],
                        default="annotator",
                        max_length=16,
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="traces.dataset",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dataset_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "dataset"), name="dataset_member_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["viewer", "annotator", "reviewer", "lead"])
                        ),
                        name="dataset_member_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProblemMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("similarity", models.FloatField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches_after",
                        to="traces.problem",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches_before",
                        to="traces.problem",
                    ),
                ),
                ("same_numbers", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="problem_match_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="problem_match_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("similarity__gt", 0), ("similarity__lte", 1)),
                        name="problem_match_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProblemVariant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("numbers", "different numbers"),
                            ("reversed", "reversed question"),
                            ("statement", "changed statement"),
                            ("other", "other change"),
                        ],
                        default="other",
                        max_length=16,
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variant_links",
                        to="traces.problem",
                    ),
                ),
                (
                    "problem",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variant_link",
                        to="traces.problem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("problem", models.F("original")), _negated=True),
                        name="problem_variant_of_another",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("choices", models.JSONField(blank=True, default=dict)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to="traces.dataset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "name"), name="saved_filter_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProblemSignature",
            fields=[
                (
                    "problem",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="traces.problem",
                    ),
                ),
                (
                    "bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["bands"], name="problem_signature_bands"
                    )
                ],
            },
        ),
        migrations.RunSQL(STEP_COUNT_IS_THE_TRACES, ANY_STEP_COUNT),
    ]
