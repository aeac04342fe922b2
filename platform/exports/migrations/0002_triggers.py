from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# The models declare these triggers now; their SQL goes.
schema = import_module("exports.migrations.0001_schema")


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0001_schema"),
    ]

    operations = [
        migrations.RunSQL(schema.MUTABLE, schema.IMMUTABLE),
        pgtrigger.migrations.AddTrigger(
            model_name="curationrule",
            trigger=pgtrigger.compiler.Trigger(
                name="rule_version_is_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."dataset_id" IS DISTINCT FROM (NEW."dataset_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func="RAISE EXCEPTION 'A version of a rule is immutable; make a new one.' USING ERRCODE = 'integrity_constraint_violation';",
                    hash="41c1156b122b4a985448be5ac6c643133668a1f7",
                    operation="UPDATE",
                    pgid="pgtrigger_rule_version_is_immutable_9b42b",
                    table="exports_curationrule",
                    when="BEFORE",
                ),
            ),
        ),
    ]
