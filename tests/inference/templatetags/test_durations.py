import pytest

from inference.templatetags.durations import duration


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (89.4, "89 seconds"),
        (90, "2 minutes"),
        (3600, "60 minutes"),
        (2 * 3600, "2 hours"),
        (2 * 3600 + 61, "2 hours 1 minute"),
        (50 * 3600, "2 days 2 hours"),
        (72 * 3600, "3 days"),
    ],
)
def test_a_duration_has_two_units_at_most(seconds: float, said: str):
    assert duration(seconds) == said
