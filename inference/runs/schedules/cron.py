"""Cron lines, read by Celery's own parser."""

import re
from datetime import UTC, datetime

from celery.schedules import ParseException, crontab
from django.utils import timezone

from inference.errors import ScoringRefused

LONGEST = 200  # characters, as a schedule's row has it


def next_time(line: str, *, after: datetime) -> datetime:
    """The first time after `after` that the line names, in the site's time zone.

    Raises ScoringRefused for a line that is none, or that no day ever meets.
    """
    if len(line) > LONGEST:
        raise ScoringRefused(f"The cron line is longer than {LONGEST} characters; use ranges.")
    try:
        schedule = crontab.from_string(_with_sunday_as_0(line))
        schedule.nowfun = lambda: after
        last, delta, _ = schedule.remaining_delta(after, tz=timezone.get_default_timezone())
    except (ParseException, ValueError, KeyError, RuntimeError) as error:
        raise ScoringRefused(
            f"{line!r} is no cron line: write minute, hour, day of the month, month and day of "
            "the week, such as 30 2 * * 1-5 for half past two on weekdays."
        ) from error
    found: datetime = last + delta
    return found.astimezone(UTC)


def _with_sunday_as_0(line: str) -> str:
    """As cron has it, 7 is Sunday too; Celery knows it as 0 alone, and ranges that go round."""
    *others, weekdays = line.split() or [""]
    weekdays = re.sub(r"\b0-7\b", "0-6", weekdays)
    return " ".join([*others, re.sub(r"(?<!/)\b7\b", "0", weekdays)])
