import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import traces.fields

IMMUTABLE = """
CREATE FUNCTION inference_refuse_scorer_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A scorer is immutable; make a new one.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER scorer_is_immutable
    BEFORE UPDATE ON inference_scorer
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION inference_refuse_scorer_update();
"""
MUTABLE = """
DROP TRIGGER scorer_is_immutable ON inference_scorer;
DROP FUNCTION inference_refuse_scorer_update();
"""


class Migration(migrations.Migration):
    replaces = [
        ("inference", "0001_initial"),
        ("inference", "0002_scorer_is_immutable"),
        ("inference", "0003_shard_failures_and_resending"),
        ("inference", "0004_raw_outputs"),
        ("inference", "0005_schedules_workers_and_logs"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("traces", "0001_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scorer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prm", "process reward model"),
                            ("critic", "critic"),
                            ("checker", "checker"),
                        ],
                        max_length=16,
                    ),
                ),
                ("backend", models.CharField(max_length=64)),
                ("model", models.TextField(blank=True)),
                ("revision", models.TextField(blank=True)),
                ("threshold", models.FloatField(blank=True, null=True)),
                ("parameters", models.JSONField(blank=True, default=dict)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "judge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scorer",
                        to="traces.judge",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["prm", "critic", "checker"])),
                        name="scorer_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RawOutput",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("run_id", models.BigIntegerField()),
                ("sample", models.PositiveSmallIntegerField()),
                ("step", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("part", models.TextField(blank=True)),
                ("text", traces.fields.NulSafeTextField(blank=True)),
                ("label", traces.fields.NulSafeTextField(blank=True)),
                ("finish_reason", models.TextField(blank=True)),
                ("tokens_in", models.PositiveIntegerField(default=0)),
                ("tokens_out", models.PositiveIntegerField(default=0)),
                (
                    "verdict",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="raw_outputs",
                        to="traces.verdict",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("verdict", "number"), name="raw_output_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filter_name", models.CharField(blank=True, max_length=100)),
                ("only_missing", models.BooleanField(default=False)),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(-1, "low"), (0, "normal"), (1, "high")], default=0
                    ),
                ),
                (
                    "when",
                    models.CharField(
                        choices=[
                            ("at", "at a time"),
                            ("cron", "on a cron schedule"),
                            ("new", "when traces are added"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cron", models.CharField(blank=True, max_length=200)),
                ("next_at", models.DateTimeField()),
                ("last_trace", models.BigIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                ("problem", models.TextField(blank=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="traces.dataset",
                    ),
                ),
                (
                    "scorer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="inference.scorer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["next_at"],
                        name="schedule_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("when", "cron"), ("cron", ""), _connector="XOR"),
                        name="schedule_cron_line_where_needed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ScoringRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("paused", "paused"),
                            ("finished", "finished"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("trace_count", models.PositiveIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scoring_runs",
                        to="traces.dataset",
                    ),
                ),
                (
                    "scorer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="inference.scorer",
                    ),
                ),
                ("after_trace", models.BigIntegerField(blank=True, null=True)),
                ("choices", models.JSONField(blank=True, default=dict)),
                ("filter_name", models.CharField(blank=True, max_length=100)),
                ("only_missing", models.BooleanField(default=False)),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(-1, "low"), (0, "normal"), (1, "high")], default=0
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="inference.schedule",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "running"])),
                        fields=["-priority", "id"],
                        name="run_handing_out",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "trace_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("worker", models.TextField(blank=True)),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                ("judged", models.PositiveIntegerField(default=0)),
                ("unparsable", models.PositiveIntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
                ("error", models.TextField(blank=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shards",
                        to="inference.scoringrun",
                    ),
                ),
                ("attempts_allowed", models.PositiveSmallIntegerField(default=3)),
                ("failures", models.JSONField(default=dict)),
                ("gpu_seconds", models.FloatField(default=0)),
                ("tokens", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "running")),
                        fields=["heartbeat_at"],
                        name="shard_running",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "running"])),
                        fields=["run"],
                        name="shard_open",
                    ),
                    models.Index(
                        condition=models.Q(("status", "queued")),
                        fields=["run", "number"],
                        name="shard_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="shard_once"),
                    models.CheckConstraint(
                        condition=models.Q(("unparsable__lte", models.F("judged"))),
                        name="shard_counts_true",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sentence", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="inference.scoringrun",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField(unique=True)),
                ("host", models.TextField()),
                ("process", models.PositiveIntegerField()),
                (
                    "queues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                (
                    "backends",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("device", models.TextField(blank=True)),
                ("versions", models.JSONField(default=dict)),
                ("concurrency", models.PositiveIntegerField(default=1)),
                ("scorer_device", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("heartbeat_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                (
                    "scorer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inference.scorer",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]
