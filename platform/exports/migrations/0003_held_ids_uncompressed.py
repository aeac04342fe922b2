from django.db import migrations

# Numbers hardly compress, and trying took PostgreSQL as long as reading the rows.
FORWARD = "ALTER TABLE exports_heldids ALTER COLUMN ids SET STORAGE EXTERNAL"
BACKWARD = "ALTER TABLE exports_heldids ALTER COLUMN ids SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_rules_lineage_and_pushes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
