"""Difficulty of a problem: the share of right final answers, in five bands."""

NAMES = (
    "never solved",
    "solved in less than a third",
    "in one to two thirds",
    "in more than two thirds",
    "always solved",
)
NOT_KNOWN = -1


def band(right: int, known: int) -> int:
    """Return the band of `right` of `known` final answers; -1 where none is known."""
    if not known:
        return NOT_KNOWN
    if right in (0, known):
        return len(NAMES) - 1 if right else 0
    return 1 + (3 * right >= known) + (3 * right > 2 * known)


# The same in SQL, of the columns `right_answers` and `known_answers`.
BAND_SQL = """
    CASE WHEN known_answers = 0 THEN -1
         WHEN right_answers = 0 THEN 0
         WHEN right_answers = known_answers THEN 4
         ELSE 1 + (3 * right_answers >= known_answers)::int
                + (3 * right_answers > 2 * known_answers)::int END
"""
