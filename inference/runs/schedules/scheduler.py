"""Schedules: create them, switch them, and start the due ones."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from inference.errors import ScoringRefused
from inference.models import Priority, Schedule, Scorer
from inference.runs.schedules.cron import next_time
from inference.runs.selection import Selection, select_traces
from inference.runs.start import start_selection
from traces.models import Dataset, Import, Trace

logger = logging.getLogger(__name__)

# What one call may start; the next comes in a minute.
MOST_AT_ONCE = 100
LOOK_AGAIN = timedelta(minutes=1)


def create_schedule(
    scorer: Scorer,
    *,
    dataset: Dataset,
    created_by: User | None,
    at: datetime | None = None,
    cron: str = "",
    filter_name: str = "",
    only_missing: bool = False,
    priority: int = Priority.NORMAL,
) -> Schedule:
    """Create a schedule: at a time, on a cron line, or with neither whenever traces arrive.

    A time without an offset is the site's. Raises ScoringRefused for a time in the past, an invalid
    line, both, or an unknown filter.
    """
    now = timezone.now()
    if at is not None and cron:
        raise ScoringRefused("A schedule has a time or a cron schedule, not both.")
    if at is not None and timezone.is_naive(at):
        at = timezone.make_aware(at)
    if at is not None and at <= now:
        raise ScoringRefused(f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z} is in the past.")
    select_traces(dataset, filter_name=filter_name)
    when = Schedule.When.AT if at else Schedule.When.CRON if cron else Schedule.When.NEW
    return Schedule.objects.create(
        scorer=scorer,
        dataset=dataset,
        filter_name=filter_name,
        only_missing=only_missing,
        priority=priority,
        when=when,
        cron=cron,
        next_at=at or (next_time(cron, after=now) if cron else now),
        last_trace=_latest_trace(dataset),
        created_by=created_by,
    )


def set_active(schedule: Schedule, *, on: bool) -> str:
    """Turn a schedule on or off, and say so. What arrived or was due meanwhile is passed over.

    Raises ScoringRefused where its one time is past.
    """
    if on and schedule.when == Schedule.When.AT and schedule.next_at <= timezone.now():
        raise ScoringRefused("Its time has passed. Create a new schedule.")
    if on and not schedule.is_active:
        schedule.next_at = _next_time(schedule)
        schedule.last_trace = _latest_trace(schedule.dataset)
    schedule.is_active = on
    schedule.problem = ""
    schedule.save(update_fields=["is_active", "next_at", "last_trace", "problem"])
    return f"The schedule of {schedule.scorer.name} on {schedule.dataset.name} is " + (
        "on." if on else "off. Its running runs continue."
    )


def start_due() -> int:
    """Start the due schedules. Return how many runs were started.

    Called every minute. Two calls at once start nothing twice: each takes the rows that the other
    has not locked, and moves them on with the run.
    """
    due = Schedule.objects.due().order_by("next_at").values_list("pk", flat=True)
    return sum(_start_if_due(schedule_id) for schedule_id in list(due[:MOST_AT_ONCE]))


def _start_if_due(schedule_id: int) -> bool:
    with transaction.atomic():
        locked = Schedule.objects.due().select_for_update(skip_locked=True, of=("self",))
        rows = locked.select_related("scorer", "dataset").filter(pk=schedule_id)
        schedule = rows.first()
        if schedule is None:
            return False
        try:
            return _start(schedule)
        except ScoringRefused as refusal:
            schedule.problem = str(refusal)
            return False
        finally:
            _reschedule(schedule)


def _start(schedule: Schedule) -> bool:
    latest = schedule.last_trace
    if schedule.when == Schedule.When.NEW:
        latest = _latest_trace(schedule.dataset)
        if latest == schedule.last_trace or _is_importing(schedule.dataset):
            return False
    chosen = _selection(schedule)
    started = schedule.when != Schedule.When.NEW or chosen.traces(schedule.scorer.judge_id).exists()
    if started:
        start_selection(
            schedule.scorer,
            chosen,
            created_by=schedule.created_by,
            priority=schedule.priority,
            schedule=schedule,
        )
    schedule.last_trace = latest
    schedule.problem = ""
    return started


def _selection(schedule: Schedule) -> Selection:
    arrivals = schedule.when == Schedule.When.NEW
    return select_traces(
        schedule.dataset,
        filter_name=schedule.filter_name,
        only_missing=schedule.only_missing,
        after_trace=schedule.last_trace if arrivals else None,
    )


def _reschedule(schedule: Schedule) -> None:
    schedule.is_active = schedule.when != Schedule.When.AT
    try:
        schedule.next_at = _next_time(schedule)
    except ScoringRefused as refusal:
        # A line that an earlier version took, such as a range that goes round (22-2).
        schedule.is_active, schedule.problem = False, str(refusal)
    schedule.save(update_fields=["is_active", "next_at", "last_trace", "problem"])


def _next_time(schedule: Schedule) -> datetime:
    now = timezone.now()
    if schedule.when == Schedule.When.CRON:
        return next_time(schedule.cron, after=now)
    return now + LOOK_AGAIN if schedule.when == Schedule.When.NEW else schedule.next_at


def _latest_trace(dataset: Dataset) -> int:
    """Return the highest trace id of the dataset by one look into the index; 0 without traces."""
    found = Trace.objects.filter(dataset=dataset).aggregate(latest=Max("pk"))
    return found["latest"] or 0


def _is_importing(dataset: Dataset) -> bool:
    """Return whether an import of the dataset is running.

    Traces with lower ids than the visible ones may still appear then: an import takes its ids
    before its traces show. Other writers add one trace at a time and are done at once.
    """
    running = Import.objects.filter(dataset_name=dataset.name, status=Import.Status.RUNNING)
    return running.exists()
