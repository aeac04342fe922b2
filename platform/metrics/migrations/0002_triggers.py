from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The models declare these triggers now; their SQL goes.
schema = import_module("metrics.migrations.0001_schema")


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0001_schema"),
        ("traces", "0001_schema"),
    ]

    operations = [
        migrations.RunSQL(schema.MARK_NOTHING, schema.MARK_CHANGES),
        migrations.CreateModel(
            name="MarkedProblem",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("traces.problem",),
        ),
        migrations.CreateModel(
            name="MarkedTrace",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("traces.trace",),
        ),
        migrations.CreateModel(
            name="MarkedVerdict",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("traces.verdict",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="markedproblem",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO metrics_change (trace_id) SELECT trace.id FROM new_rows JOIN old_rows ON old_rows.id = new_rows.id JOIN traces_trace trace ON trace.problem_id = new_rows.id WHERE new_rows.subset <> old_rows.subset;\nRETURN NULL;",
                    hash="4c4a5107aec9935e187f84e30257fe39c966d895",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_mark_changed_8ff9f",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="traces_problem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="markedtrace",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO metrics_change (trace_id) SELECT id FROM new_rows;\nRETURN NULL;",
                    hash="8b2f6bc8b63979c005de131697b9bc49c0ec5c81",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_mark_added_d16ed",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="traces_trace",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="markedtrace",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO metrics_change (trace_id) SELECT id FROM old_rows;\nINSERT INTO metrics_change (trace_id) SELECT id FROM new_rows;\nRETURN NULL;",
                    hash="1170c7e7fcfe8d01fdf8be006e8eff3bed96d78a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_mark_changed_fb74e",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="traces_trace",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="markedtrace",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO metrics_change (trace_id) SELECT id FROM old_rows;\nRETURN NULL;",
                    hash="69c738c178e8044f7e997be8067f97d60ff1f1c3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_mark_deleted_b1bf5",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="traces_trace",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="markedverdict",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM new_rows;\nRETURN NULL;",
                    hash="fb501f3f3c1bcd6f395181dc656182a3db80f14e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_mark_added_e6f97",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="traces_verdict",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="markedverdict",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM old_rows;\nINSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM new_rows;\nRETURN NULL;",
                    hash="fb8da287cb209e3d4741cb1cb9b3830c523731e1",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_mark_changed_019e1",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="traces_verdict",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="markedverdict",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM old_rows;\nRETURN NULL;",
                    hash="2595701021159a3d82c7ec57c1b0a080cca90369",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_mark_deleted_40491",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="traces_verdict",
                    when="AFTER",
                ),
            ),
        ),
    ]
