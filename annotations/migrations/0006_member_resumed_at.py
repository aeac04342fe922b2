from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0005_shown_event")]

    operations = [
        migrations.AddField(
            model_name="queuemember",
            name="resumed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
