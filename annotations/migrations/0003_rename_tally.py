import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0002_triggers")]

    operations = [
        migrations.RenameModel("Tally", "QueueCounter"),
        migrations.AlterField(
            "queuecounter",
            "queue",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="counters",
                to="annotations.queue",
            ),
        ),
        migrations.RemoveConstraint("queuecounter", "tally_once"),
        migrations.AddConstraint(
            "queuecounter",
            models.UniqueConstraint(fields=("queue", "shard"), name="queue_counter_once"),
        ),
    ]
