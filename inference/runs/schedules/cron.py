"""Times of cron lines."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError
from django.utils import timezone

from inference.errors import ScoringRefused

FIELDS = 5
LONGEST = 200  # characters, the length of the schedule's column


def next_time(line: str, *, after: datetime) -> datetime:
    """Return the first time after `after` that matches the line in the site's time zone, in UTC.

    Raises ScoringRefused for a line that is not cron, or that matches no day in fifty years.
    """
    if len(line) > LONGEST:
        raise ScoringRefused(f"The cron schedule is longer than {LONGEST} characters. Use ranges.")
    try:
        if len(line.split()) != FIELDS:  # a sixth would mean seconds
            raise CronSimError("Wrong number of fields")
        times = CronSim(line, after.astimezone(timezone.get_default_timezone()))
        return next(times).astimezone(UTC)
    except (CronSimError, StopIteration) as error:
        raise ScoringRefused(
            f"{line!r} is not a cron schedule. Use minute, hour, day of month, month and day "
            "of week, such as 30 2 * * 1-5 for 02:30 on weekdays."
        ) from error
