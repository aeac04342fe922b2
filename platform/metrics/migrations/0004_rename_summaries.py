from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("metrics", "0003_background_jobs")]

    operations = [
        migrations.RenameModel("Change", "PendingChange"),
        migrations.RenameModel("TraceFact", "TraceSnapshot"),
        migrations.RenameModel("LabelPair", "PairCount"),
        migrations.RenameModel("ProblemKind", "ProblemProfile"),
        migrations.RenameModel("StoredFigure", "StoredReport"),
    ]
