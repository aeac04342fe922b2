from django.db import migrations

FORWARD = """
CREATE FUNCTION inference_refuse_scorer_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A scorer is immutable; make a new one.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER scorer_is_immutable
    BEFORE UPDATE ON inference_scorer
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION inference_refuse_scorer_update();
"""
BACKWARD = """
DROP TRIGGER scorer_is_immutable ON inference_scorer;
DROP FUNCTION inference_refuse_scorer_update();
"""


class Migration(migrations.Migration):
    dependencies = [("inference", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
