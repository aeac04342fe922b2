"""The check that the database has the tables of this version of the code."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from misstep.local import addresses
from misstep.local.errors import LocalServiceError


def make_sure_of_tables() -> None:
    """Migrate Misstep's own database; for another, raise LocalServiceError if it must be migrated.

    A server of the user's own may be in use by another version, so migrating it is their decision.
    """
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if not addresses.own_database():
        raise LocalServiceError(
            "The database lacks tables of this version. Run `misstep migrate` first."
        )
    call_command("migrate", verbosity=0)
