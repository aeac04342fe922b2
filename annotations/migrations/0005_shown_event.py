from django.db import migrations, models

KINDS = [
    ("created", "queue created"),
    ("filled", "traces added"),
    ("changed", "settings changed"),
    ("status", "opened, paused or closed"),
    ("member", "member changed"),
    ("granted", "item given"),
    ("released", "item given back"),
    ("expired", "lease ran out"),
    ("shown", "shown what models said"),
    ("submitted", "review submitted"),
    ("revised", "review changed"),
    ("finished", "finished without a review"),
    ("settled", "item settled"),
    ("disputed", "item in dispute"),
    ("discarded", "item discarded"),
    ("bad_problem", "problem called bad"),
    ("reopened", "item opened again"),
    ("decided", "dispute decided"),
    ("signed", "decision signed"),
    ("gold", "gold changed"),
    ("screened", "screening passed or failed"),
    ("paused", "annotator paused"),
]


class Migration(migrations.Migration):
    dependencies = [("annotations", "0004_fewer_item_indexes")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=16),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "shown")), fields=["queue"], name="event_shown"
            ),
        ),
    ]
