"""The log refuses changes; items leave room on their pages and are vacuumed often.

Every grant changes an item, and the searches for the next one read an index from whose head items
leave all the time: dead entries there must not pile up.
"""

from django.db import migrations

ONLY_ADDED = """
CREATE FUNCTION annotations_event_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of a queue is only ever added to.';
END $$;
CREATE TRIGGER annotations_event_unchanged BEFORE UPDATE ON annotations_event
    FOR EACH ROW EXECUTE FUNCTION annotations_event_unchanged();
"""
ANY_CHANGE = """
DROP TRIGGER annotations_event_unchanged ON annotations_event;
DROP FUNCTION annotations_event_unchanged();
"""
ROOM = """
ALTER TABLE annotations_item SET (
    fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE annotations_lease SET (fillfactor = 80);
"""
NO_ROOM = """
ALTER TABLE annotations_item RESET (
    fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay);
ALTER TABLE annotations_lease RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("annotations", "0001_queues_items_leases")]

    operations = [
        migrations.RunSQL(ONLY_ADDED, ANY_CHANGE),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
