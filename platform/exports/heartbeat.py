"""Signs of life of an export while it is written or pushed: how far it is, and that its worker is
there. One that falls silent is closed."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from exports.models import Export, HubPush

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_BEATS = 1.0
# Of a stage that says nothing: choosing among many traces, sending gigabytes to a bucket.
SECONDS_OF_SILENCE = 30.0
# Whoever says nothing for so long is taken for gone.
SILENT_AFTER = timedelta(minutes=5)


class ExportGone(Exception):
    """The export was closed while it was written; what was written is not wanted."""


class Beats:
    """Progress through a connection of its own: the rows are read in one long transaction."""

    def __init__(self, export: Export, cursor: Any) -> None:
        self._export = export
        self._cursor = cursor
        self._next = 0.0

    def begin(self, stage: str, *, trace_count: int | None = None) -> None:
        self._update("stage = %s, trace_count = COALESCE(%s, trace_count)", [stage, trace_count])

    def progress(self, traces: int, rows: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS_BETWEEN_BEATS
            self._update("traces_done = %s, row_count = %s", [traces, rows])

    def _update(self, values: str, parameters: list[Any]) -> None:
        """Raises ExportGone where the export was closed meanwhile."""
        self._cursor.execute(
            f"UPDATE exports_export SET {values}, heartbeat_at = now() "  # noqa: S608
            "WHERE id = %s AND status = 'running'",
            [*parameters, self._export.pk],
        )
        if self._cursor.rowcount == 0:
            raise ExportGone


@contextmanager
def beating(export: Export) -> Iterator[Beats]:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            yield Beats(export, cursor)
    finally:
        other.close()


@contextmanager
def staying_alive(job: Export | HubPush) -> Iterator[None]:
    """A heartbeat now and then from a thread of its own, whatever else goes on."""
    running = type(job)._default_manager.filter(pk=job.pk, status="running")
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(running, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(running: QuerySet[Any], over: threading.Event) -> None:
    try:
        while not over.wait(SECONDS_OF_SILENCE):
            running.update(heartbeat_at=timezone.now())
    except Exception:
        # The job itself will say what is wrong with the database; it only falls silent here.
        logger.exception("An export can't say that it is alive")
    finally:
        connection.close()
