import django.contrib.postgres.fields
import django.utils.timezone
from django.db import migrations, models

# The functions differ in the traces that a row of their table is about. Statement triggers: a million
# rows loaded at once are marked by one INSERT. Marks are never updated, so writers never wait for
# each other, nor for the task that applies the marks.
MARK_CHANGES = """
CREATE FUNCTION metrics_mark_verdicts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM old_rows;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM new_rows;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_traces() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO metrics_change (trace_id) SELECT id FROM old_rows;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO metrics_change (trace_id) SELECT id FROM new_rows;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_problems() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_change (trace_id)
    SELECT trace.id FROM new_rows JOIN old_rows ON old_rows.id = new_rows.id
    JOIN traces_trace trace ON trace.problem_id = new_rows.id
    WHERE new_rows.subset <> old_rows.subset;
    RETURN NULL;
END $$;

CREATE TRIGGER metrics_verdict_added AFTER INSERT ON traces_verdict
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_verdicts();
CREATE TRIGGER metrics_verdict_changed AFTER UPDATE ON traces_verdict
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_verdicts();
CREATE TRIGGER metrics_verdict_gone AFTER DELETE ON traces_verdict
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_verdicts();

CREATE TRIGGER metrics_trace_added AFTER INSERT ON traces_trace
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_traces();
CREATE TRIGGER metrics_trace_changed AFTER UPDATE ON traces_trace
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_traces();
CREATE TRIGGER metrics_trace_gone AFTER DELETE ON traces_trace
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_traces();

CREATE TRIGGER metrics_problem_changed AFTER UPDATE ON traces_problem
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_problems();
"""
MARK_NOTHING = """
DROP FUNCTION metrics_mark_verdicts, metrics_mark_traces, metrics_mark_problems CASCADE;
"""


class Migration(migrations.Migration):
    replaces = [
        ("metrics", "0001_summaries"),
        ("metrics", "0002_changes_are_marked"),
        ("metrics", "0003_sources"),
    ]

    initial = True

    dependencies = [
        ("traces", "0001_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("trace_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Freshness",
            fields=[
                ("dataset_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(default=0)),
                ("traces", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="StoredFigure",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("parameters", models.JSONField()),
                ("version", models.BigIntegerField()),
                ("value", models.JSONField()),
                ("computed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Difficulty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset_id", models.BigIntegerField()),
                ("subset", models.TextField()),
                ("n", models.BigIntegerField()),
                ("judge_id", models.BigIntegerField()),
                ("generator_id", models.BigIntegerField()),
                ("band", models.SmallIntegerField()),
                ("finding", models.SmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "dataset_id",
                            "judge_id",
                            "generator_id",
                            "subset",
                            "band",
                            "finding",
                        ),
                        name="difficulty_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ErrorType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset_id", models.BigIntegerField()),
                ("subset", models.TextField()),
                ("n", models.BigIntegerField()),
                ("judge_id", models.BigIntegerField()),
                ("generator_id", models.BigIntegerField()),
                ("error_type", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dataset_id", "judge_id", "generator_id", "subset", "error_type"),
                        name="error_type_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset_id", models.BigIntegerField()),
                ("subset", models.TextField()),
                ("n", models.BigIntegerField()),
                ("first_id", models.BigIntegerField()),
                ("second_id", models.BigIntegerField()),
                ("generator_id", models.BigIntegerField()),
                ("first_label", models.SmallIntegerField()),
                ("second_label", models.SmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["dataset_id", "second_id"], name="label_pair_by_second")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "dataset_id",
                            "first_id",
                            "second_id",
                            "subset",
                            "generator_id",
                            "first_label",
                            "second_label",
                        ),
                        name="label_pair_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProblemKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset_id", models.BigIntegerField()),
                ("subset", models.TextField()),
                ("n", models.BigIntegerField()),
                ("reference_id", models.BigIntegerField()),
                ("judge_id", models.BigIntegerField()),
                ("erroneous", models.IntegerField()),
                ("erroneous_found", models.IntegerField()),
                ("correct", models.IntegerField()),
                ("correct_found", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "dataset_id",
                            "reference_id",
                            "judge_id",
                            "subset",
                            "erroneous",
                            "erroneous_found",
                            "correct",
                            "correct_found",
                        ),
                        name="problem_kind_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset_id", models.BigIntegerField()),
                ("subset", models.TextField()),
                ("n", models.BigIntegerField()),
                ("judge_id", models.BigIntegerField()),
                ("generator_id", models.BigIntegerField()),
                ("step_count", models.SmallIntegerField()),
                ("label", models.SmallIntegerField()),
                ("answer", models.SmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "dataset_id",
                            "judge_id",
                            "generator_id",
                            "subset",
                            "step_count",
                            "label",
                            "answer",
                        ),
                        name="profile_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TraceFact",
            fields=[
                ("trace_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("dataset_id", models.BigIntegerField()),
                ("problem_id", models.BigIntegerField()),
                ("subset", models.TextField()),
                ("generator_id", models.BigIntegerField()),
                ("step_count", models.SmallIntegerField()),
                ("answer", models.SmallIntegerField()),
                (
                    "judges",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                (
                    "labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), size=None
                    ),
                ),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("kinds", models.SmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["problem_id"], name="fact_by_problem"),
                    models.Index(fields=["dataset_id"], name="fact_by_dataset"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset_id", models.BigIntegerField()),
                ("subset", models.TextField()),
                ("n", models.BigIntegerField()),
                ("generator_id", models.BigIntegerField()),
                ("kinds", models.SmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dataset_id", "generator_id", "subset", "kinds"), name="source_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(MARK_CHANGES, MARK_NOTHING),
    ]
