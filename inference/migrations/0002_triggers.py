from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The models declare these triggers now; their SQL goes.
schema = import_module("inference.migrations.0001_schema")


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0001_schema"),
    ]

    operations = [
        migrations.RunSQL(schema.MUTABLE, schema.IMMUTABLE),
        pgtrigger.migrations.AddTrigger(
            model_name="scorer",
            trigger=pgtrigger.compiler.Trigger(
                name="scorer_is_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="RAISE EXCEPTION 'A scorer is immutable; make a new one.' USING ERRCODE = 'integrity_constraint_violation';",
                    hash="5f13b81dab126af7fdba27df98ea48fb85d159fc",
                    operation="UPDATE",
                    pgid="pgtrigger_scorer_is_immutable_1885b",
                    table="inference_scorer",
                    when="BEFORE",
                ),
            ),
        ),
    ]
