from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The models declare these triggers now; their SQL goes.
schema = import_module("annotations.migrations.0001_schema")


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0001_schema"),
    ]

    operations = [
        migrations.RunSQL(schema.ANY_CHANGE, schema.ONLY_ADDED),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="event_unchanged",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'The log of a queue is only ever added to.';",
                    hash="acb86ecd7a5f24ee456faa2a2207acdbfb15f8ec",
                    operation="UPDATE",
                    pgid="pgtrigger_event_unchanged_0bf0a",
                    table="annotations_event",
                    when="BEFORE",
                ),
            ),
        ),
    ]
