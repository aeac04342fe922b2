import pytest

from metrics.pages.judge_name import judge_name
from traces.models import Judge


@pytest.mark.parametrize(
    ("judge", "name"),
    [
        (Judge(kind="model", name="m", revision="0123456789" * 4), "m@01234567"),
        (Judge(kind="model", name="m", revision="v2"), "m@v2"),
        (Judge(kind="model", name="m"), "m"),
        (Judge(kind="consensus", name="d/q", revision="queue 3"), "d/q (queue 3)"),
        (Judge(kind="reference", name="d", revision="0" * 40), "dataset labels"),
    ],
)
def test_a_name_has_no_more_of_a_commit_than_people_compare(judge: Judge, name: str) -> None:
    assert judge_name(judge) == name
