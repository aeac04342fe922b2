import pytest

from annotations.consensus.resolve import Result, Step, decide

WAIT, ASK, UNRESOLVED = Result(Step.WAIT), Result(Step.ASK), Result(Step.UNRESOLVED)


def settled(label: int) -> Result:
    return Result(Step.SETTLE, label)


@pytest.mark.parametrize(
    ("rule", "labels", "asked", "at_most", "result"),
    [
        ("single", [], 1, 1, WAIT),
        ("single", [2], 1, 1, settled(2)),
        ("single", [2, -1], 2, 2, settled(2)),
        ("majority", [1, 1], 3, 3, WAIT),
        ("majority", [1, 0, 1], 3, 3, settled(1)),
        ("majority", [1, 0], 2, 3, ASK),
        ("majority", [1, 0, 2], 3, 3, UNRESOLVED),
        ("majority", [1, 1, 0, 0], 4, 4, UNRESOLVED),
        ("unanimity", [-1, -1], 2, 2, settled(-1)),
        ("unanimity", [-1, 0], 2, 5, UNRESOLVED),
        ("processbench", [1, 1], 3, 5, WAIT),
        ("processbench", [1, 1, 1], 3, 5, settled(1)),
        ("processbench", [1, 1, 0], 3, 5, ASK),
        ("processbench", [1, 0, 2], 3, 5, ASK),
        ("processbench", [1, 1, 0, 1], 4, 5, settled(1)),
        ("processbench", [1, 1, 0, 0], 4, 5, ASK),
        ("processbench", [1, 0, 2, -1], 4, 5, UNRESOLVED),
        ("processbench", [1, 1, 0, 0, -1], 5, 5, UNRESOLVED),
        ("processbench", [2, 1, 2, 0, 2], 5, 5, settled(2)),
        ("processbench", [2, 1, 2, 1, 2, 1], 6, 7, ASK),
        ("processbench", [2, 1, 2, 1, 2, 1], 6, 6, UNRESOLVED),
        ("processbench", [2, 1, 2, 1, 2, 1, 1], 7, 7, settled(1)),
    ],
)
def test_decide(rule, labels, asked, at_most, result):
    assert decide(labels, rule, assigned=asked, at_most=at_most) == result
