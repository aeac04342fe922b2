from django.db import migrations

# A check constraint sees one row only. Referring to the trace and its step count as a pair makes the
# verdict's own step count true, and with it every constraint that compares against it.
FORWARD = """
ALTER TABLE traces_verdict
    ADD CONSTRAINT verdict_on_trace_with_step_count
    FOREIGN KEY (trace_id, step_count) REFERENCES traces_trace (id, step_count)
    ON DELETE CASCADE
"""
BACKWARD = "ALTER TABLE traces_verdict DROP CONSTRAINT verdict_on_trace_with_step_count"


class Migration(migrations.Migration):
    dependencies = [("traces", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
