"""Figures too slow for a page: made in the background, kept, and made anew when they are behind.

A page asks with `ask`. Over few traces it gets what holds now. Over many it gets what was last
made, and whether that is behind; if so, or if there is none yet, a worker is told to make it. A
figure is named by its question and says of which version of the summaries it is, taken before
anything was read: what changes meanwhile makes it behind, never wrongly fresh.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from metrics.models import Freshness, StoredFigure
from metrics.reports.query import Question

T = TypeVar("T")
# So many traces are figured out while the page waits.
FEW = 5_000
# A worker was told; a second telling within so many seconds would make it twice.
TOLD_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """`form` goes up when what is stored changes its meaning."""

    name: str
    form: int
    type: type[T]
    make: Callable[[Question], T]

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.form}"


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """What a page shows: no value yet, or one that may be behind the summaries."""

    value: T | None
    made_at: datetime | None
    is_behind: bool


def ask(figure: Figure[T], question: Question) -> Shown[T]:
    version, traces = _state(question)
    stored = StoredFigure.objects.filter(key=question.key(figure.full_name)).first()
    value = _read(figure, stored)
    if stored and value is not None and stored.version == version:
        return Shown(value, stored.computed_at, False)
    if traces <= FEW:
        value = make(figure, question)
        return Shown(value, timezone.now(), False)
    tell(figure, question)
    return Shown(value, stored.computed_at if stored else None, True)


def make(figure: Figure[T], question: Question) -> T:
    """Make the figure and keep it, unless a newer one was kept meanwhile."""
    version, _ = _state(question)
    value = figure.make(question)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                question.key(figure.full_name),
                figure.full_name,
                msgspec.json.encode(question.stored()).decode(),
                version,
                msgspec.json.encode(value).decode(),
                timezone.now(),
            ],
        )
    return value


def make_if_behind(figure: Figure[Any], question: Question) -> None:
    """What a worker does when told, once for however many told it."""
    try:
        version, _ = _state(question)
        kept = StoredFigure.objects.filter(key=question.key(figure.full_name), version=version)
        if not kept.exists():
            make(figure, question)
    finally:
        cache.delete(_told(figure, question))


def tell(figure: Figure[Any], question: Question) -> None:
    """Have a worker make it, once however many ask."""
    from metrics.tasks import make_figure

    if cache.add(_told(figure, question), True, TOLD_SECONDS):
        make_figure.delay_on_commit(figure.name, question.stored())


def _told(figure: Figure[Any], question: Question) -> str:
    return f"metrics.told:{question.key(figure.full_name)}"


def _state(question: Question) -> tuple[int, int]:
    """The datasets' versions together, which grow with every change of any, and their traces."""
    found = Freshness.objects.filter(dataset_id__in=question.datasets).aggregate(
        version=Sum("version", default=0), traces=Sum("traces", default=0)
    )
    return found["version"], found["traces"]


def _read(figure: Figure[T], stored: StoredFigure | None) -> T | None:
    return None if stored is None else msgspec.convert(stored.value, figure.type, strict=False)


_KEEP = """
    INSERT INTO metrics_storedfigure AS kept
        (key, name, parameters, version, value, computed_at)
    VALUES (%s, %s, %s::jsonb, %s, %s::jsonb, %s)
    ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value,
        computed_at = excluded.computed_at
    WHERE kept.version <= excluded.version
"""
