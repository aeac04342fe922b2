"""Call the versions of a trace segmentations, as the field does."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("traces", "0002_jobs")]

    operations = [
        migrations.RemoveIndex("trace", "trace_cut_anew"),
        migrations.RenameField("trace", "is_current_cut", "is_current_segmentation"),
        migrations.RenameField("trace", "recut_of", "resegmented_from"),
        migrations.AddIndex(
            "trace",
            models.Index(
                fields=["id"],
                condition=models.Q(is_current_segmentation=False),
                name="trace_resegmented",
            ),
        ),
        migrations.AlterField(
            "trace",
            "resegmented_from",
            models.ForeignKey(
                "traces.trace",
                django.db.models.deletion.PROTECT,
                null=True,
                blank=True,
                related_name="resegmentations",
            ),
        ),
        migrations.AlterField(
            "verdict",
            "origin",
            models.CharField(
                max_length=16,
                choices=[
                    ("import", "import"),
                    ("run", "scoring run"),
                    ("review", "review"),
                    ("consensus", "consensus"),
                    ("adjudication", "adjudication"),
                    ("recut", "re-split"),
                ],
            ),
        ),
    ]
