from django.db import migrations

# The functions differ in what a row of the table says of traces. Statement triggers: a million rows
# loaded at once are marked by one INSERT. Marks are never updated, so writers never wait for each
# other, nor for the one who takes the marks in.
FORWARD = """
CREATE FUNCTION metrics_mark_verdicts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM old_rows;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO metrics_change (trace_id) SELECT DISTINCT trace_id FROM new_rows;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_traces() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO metrics_change (trace_id) SELECT id FROM old_rows;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO metrics_change (trace_id) SELECT id FROM new_rows;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION metrics_mark_problems() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO metrics_change (trace_id)
    SELECT trace.id FROM new_rows JOIN old_rows ON old_rows.id = new_rows.id
    JOIN traces_trace trace ON trace.problem_id = new_rows.id
    WHERE new_rows.subset <> old_rows.subset;
    RETURN NULL;
END $$;

CREATE TRIGGER metrics_verdict_added AFTER INSERT ON traces_verdict
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_verdicts();
CREATE TRIGGER metrics_verdict_changed AFTER UPDATE ON traces_verdict
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_verdicts();
CREATE TRIGGER metrics_verdict_gone AFTER DELETE ON traces_verdict
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_verdicts();

CREATE TRIGGER metrics_trace_added AFTER INSERT ON traces_trace
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_traces();
CREATE TRIGGER metrics_trace_changed AFTER UPDATE ON traces_trace
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_traces();
CREATE TRIGGER metrics_trace_gone AFTER DELETE ON traces_trace
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_traces();

CREATE TRIGGER metrics_problem_changed AFTER UPDATE ON traces_problem
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_mark_problems();

INSERT INTO metrics_change (trace_id) SELECT id FROM traces_trace;
"""
BACKWARD = """
DROP FUNCTION metrics_mark_verdicts, metrics_mark_traces, metrics_mark_problems CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_summaries"), ("traces", "0006_variants_stated")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
