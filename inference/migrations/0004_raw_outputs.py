import django.db.models.deletion
from django.db import migrations, models

import traces.fields


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0003_shard_failures_and_resending"),
        ("traces", "0005_cuts_and_signatures"),
    ]

    operations = [
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
                ("text", traces.fields.ExactTextField(blank=True)),
                ("label", traces.fields.ExactTextField(blank=True)),
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
        ),
        migrations.AddConstraint(
            model_name="rawoutput",
            constraint=models.UniqueConstraint(
                fields=("verdict", "number"), name="raw_output_once"
            ),
        ),
    ]
