"""While an import's one transaction is open, a second connection tells how far it has come."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from traces.imports.staging import Progress
from traces.models import Import

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds


@contextmanager
def told_every_second(import_id: int, progress: Progress) -> Iterator[Callable[[], None]]:
    """Keep the import's `rows_read` and heartbeat fresh; yields what stops it early.

    It must be stopped before the import's own transaction writes to the row: the teller would
    wait for that transaction's end.
    """
    stopped = Event()
    teller = Thread(target=_tell, args=(import_id, progress, stopped), daemon=True)
    teller.start()

    def stop() -> None:
        stopped.set()
        teller.join()

    try:
        yield stop
    finally:
        stop()


def _tell(import_id: int, progress: Progress, stopped: Event) -> None:
    try:
        while not stopped.wait(EVERY):
            Import.objects.filter(pk=import_id, status=Import.Status.RUNNING).update(
                rows_read=progress.rows_read,
                rejected=progress.rejected,
                heartbeat_at=timezone.now(),
            )
    except DatabaseError:
        # The import itself fails or succeeds on its own connection, and says so there.
        logger.exception("The progress of import %s can't be written", import_id)
    finally:
        connection.close()
