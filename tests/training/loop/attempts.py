"""Two problems and scripted attempts at them: one group is mixed, the other all correct."""

from training.jobs.policy_sampler import Response
from training.loop.toy_arithmetic import ArithmeticChain

PROBLEMS = [
    ArithmeticChain(7, (("+", 8), ("*", 2), ("-", 9))),
    ArithmeticChain(1, (("+", 1), ("+", 1), ("+", 1))),
]


def scripted_attempts() -> list[list[Response]]:
    correct = [
        Response("\n\n".join(p.steps), [1, 2, 3], [-0.5, -0.25, -1.0], True) for p in PROBLEMS
    ]
    wrong = Response("7+8=6\n\n6*2=2", [4, 5], [-2.0, -3.0], False)
    return [[correct[0], wrong, wrong], [correct[1], correct[1]]]
