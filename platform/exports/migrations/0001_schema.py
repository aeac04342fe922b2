import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

IMMUTABLE = """
CREATE FUNCTION exports_refuse_rule_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version of a rule is immutable; make a new one.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER rule_version_is_immutable
    BEFORE UPDATE ON exports_curationrule
    FOR EACH ROW WHEN (OLD.rule IS DISTINCT FROM NEW.rule OR OLD.version <> NEW.version
        OR OLD.name <> NEW.name OR OLD.dataset_id <> NEW.dataset_id)
    EXECUTE FUNCTION exports_refuse_rule_update();
"""
MUTABLE = """
DROP TRIGGER rule_version_is_immutable ON exports_curationrule;
DROP FUNCTION exports_refuse_rule_update();
"""
# Numbers hardly compress, and trying took PostgreSQL as long as reading the rows.
UNCOMPRESSED = "ALTER TABLE exports_heldids ALTER COLUMN ids SET STORAGE EXTERNAL"
COMPRESSED = "ALTER TABLE exports_heldids ALTER COLUMN ids SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    replaces = [
        ("exports", "0001_initial"),
        ("exports", "0002_rules_lineage_and_pushes"),
        ("exports", "0003_held_ids_uncompressed"),
        ("exports", "0004_push_heartbeat"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("traces", "0001_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="CurationRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("version", models.PositiveIntegerField()),
                ("rule", models.JSONField(blank=True, default=dict)),
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
                        related_name="curation_rules",
                        to="traces.dataset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dataset", "name", "version"), name="curation_rule_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gt", 0)), name="curation_rule_version"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipe", models.CharField(max_length=64)),
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
                ("row_count", models.PositiveBigIntegerField(default=0)),
                ("manifest", models.JSONField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="traces.dataset",
                    ),
                ),
                ("rule", models.JSONField(blank=True, default=dict)),
                ("fingerprint", models.CharField(blank=True, db_index=True, max_length=64)),
                ("layout", models.JSONField(blank=True, default=dict)),
                ("location", models.TextField(blank=True)),
                ("options", models.JSONField(blank=True, default=dict)),
                ("stage", models.CharField(blank=True, max_length=32)),
                ("trace_count", models.PositiveBigIntegerField(blank=True, null=True)),
                ("traces_done", models.PositiveBigIntegerField(default=0)),
                (
                    "rule_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="exports.curationrule",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HeldIds",
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
                        choices=[("verdict", "verdict"), ("trace", "trace")], max_length=8
                    ),
                ),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held",
                        to="exports.export",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("export", "kind", "first"), name="held_ids_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))),
                        name="held_ids_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HubPush",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("repository", models.CharField(max_length=200)),
                ("private", models.BooleanField(default=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("url", models.TextField(blank=True)),
                ("error", models.TextField(blank=True)),
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
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pushes",
                        to="exports.export",
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
        migrations.RunSQL(UNCOMPRESSED, COMPRESSED),
    ]
