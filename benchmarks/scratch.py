"""A temporary database for a benchmark, created from the migrations and dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def scratch_database() -> Iterator[str]:
    """Yield the name of a new database, which Django's default connection uses."""
    import django

    from misstep.local.service_keeper import services

    with services():
        django.setup()
        from django.db import connection

        connection.settings_dict["TEST"]["NAME"] = f"misstep_bench_{os.getpid()}"
        before = connection.settings_dict["NAME"]
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield str(name)
        finally:
            connection.close()
            connection.creation.destroy_test_db(before, verbosity=0)


def use_database(name: str) -> None:
    """Set Django up on the benchmark's database, in a process that a benchmark starts."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = name
