import pytest
from django.db import connection

from metrics.stats.difficulty import BAND_SQL, NAMES, NOT_KNOWN, band


@pytest.mark.parametrize("known", range(8))
def test_bands_are_the_same_in_the_database(db: None, known: int) -> None:
    with connection.cursor() as cursor:
        for right in range(known + 1):
            cursor.execute(
                f"SELECT {BAND_SQL} FROM (SELECT %s::int AS right_answers, %s::int AS"
                " known_answers) AS row",
                [right, known],
            )
            assert cursor.fetchone()[0] == band(right, known)


def test_bands_go_from_never_to_always_solved() -> None:
    assert [band(right, 6) for right in range(7)] == [0, 1, 2, 2, 2, 3, 4]
    assert len(NAMES) == 5


def test_a_problem_without_judged_answers_has_no_band() -> None:
    assert band(0, 0) == NOT_KNOWN


def test_one_answer_is_never_or_always_solved() -> None:
    assert (band(0, 1), band(1, 1)) == (0, 4)
