"""The most common answer wins, the first of equal ones."""

import pytest

from inference.backends.critic.vote import Vote, vote


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], Vote(None, 0.0)),
        ([None, None], Vote(None, 0.0)),
        (["3", "1", "1", None], Vote("1", 0.5)),
        (["2", "1"], Vote("2", 0.5)),
        (["3", "03", "03"], Vote("03", 2 / 3)),
    ],
)
def test_votes(answers: list[str | None], expected: Vote):
    assert vote(answers) == expected
