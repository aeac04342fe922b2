"""The times that cron lines name."""

from datetime import UTC, datetime

import pytest

from inference.errors import ScoringRefused
from inference.runs.schedules.cron import next_time

NOON = datetime(2027, 1, 1, 12, 0, 30, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* * * * *", datetime(2027, 1, 1, 12, 1, tzinfo=UTC)),
        ("0 12 * * *", datetime(2027, 1, 2, 12, 0, tzinfo=UTC)),
        ("  30   2 * * 1-5 ", datetime(2027, 1, 4, 2, 30, tzinfo=UTC)),
        ("*/20 * * * *", datetime(2027, 1, 1, 12, 20, tzinfo=UTC)),
        ("0 0 31 * *", datetime(2027, 1, 31, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("0 0 * * 7", datetime(2027, 1, 3, tzinfo=UTC)),  # Sunday, as cron has it too
        ("0 0 * * 6-7", datetime(2027, 1, 2, tzinfo=UTC)),
        ("0 0 * * 0-7", datetime(2027, 1, 2, tzinfo=UTC)),
        ("0 0 * * mon", datetime(2027, 1, 4, tzinfo=UTC)),
        ("0 0 * feb *", datetime(2027, 2, 1, tzinfo=UTC)),
        # A day of the month and one of the week: either will do, as in cron.
        ("0 0 15 * 1", datetime(2027, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_cron_line_has_a_next_time(line: str, expected: datetime):
    assert next_time(line, after=NOON) == expected


def test_the_next_time_is_never_the_same_again():
    at = datetime(2027, 1, 2, 12, tzinfo=UTC)
    assert next_time("0 12 * * *", after=at) == datetime(2027, 1, 3, 12, tzinfo=UTC)


def test_the_hour_is_the_sites_through_the_change_of_clocks(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    at = datetime(2026, 10, 24, 12, tzinfo=UTC)
    times = [at := next_time("30 4 * * *", after=at) for _ in range(2)]
    assert [f"{each:%d %H:%M}" for each in times] == ["25 03:30", "26 03:30"]
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert f"{next_time('30 4 * * *', after=before):%d %H:%M}" == "29 02:30"


def test_a_time_that_the_change_of_clocks_leaves_out_comes_an_hour_later(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert next_time("30 2 * * *", after=before) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "daily",
        "* * * *",
        "0 * * * * *",  # with seconds
        "61 * * * *",
        "0 0 30 2 *",
        "0 22-2 * * *",
        "*/0 * * * *",
        "a b c d e",
    ],
)
def test_a_line_that_cron_does_not_read_is_refused_with_an_example(line: str):
    with pytest.raises(ScoringRefused, match=r"is not a cron schedule. Use minute, hour"):
        next_time(line, after=NOON)


def test_a_line_longer_than_its_column_is_refused():
    with pytest.raises(ScoringRefused, match="longer than 200 characters"):
        next_time("1," * 100 + "1 * * * *", after=NOON)
