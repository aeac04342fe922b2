"""Mistake tuning against plain fine-tuning, and against the same data without tags.

The data are correct rationales and wrong ones that share a misconception, on problems for which the
two differ.
"""

from pathlib import Path
from typing import Any

from training.loop.experiment import SeedRun
from training.loop.policy import TAGS
from training.loop.rollouts import Policy, trace_row
from training.loop.toy_arithmetic import smaller_from_larger, solve_steps

WRONG_PER_CORRECT = 4  # at most: about a third of the candidates are affected
CORRECT_ONLY = "correct rationales only"
UNTAGGED = "correct and wrong, untagged"
TUNED = "mistake tuning"
WRONG_TAG = "mistake tuning, prompted with the wrong tag"
ARMS: dict[str, dict[str, Any]] = {
    CORRECT_ONLY: {"rationales": "correct", "prefix": False},
    UNTAGGED: {"prefix": False},
    TUNED: {"prefix": True},
}


def export_rationales(seed: SeedRun) -> Path:
    """Export correct traces, and up to four times as many wrong traces of other problems."""
    count = seed.sizes.mistake_problems
    candidates = seed.problems(12 * count, purpose=1)
    affected = [p for p in candidates if solve_steps(p, smaller_from_larger) != p.steps]
    correct = affected[:count]
    wrong = affected[count : count * (1 + WRONG_PER_CORRECT)]
    rows = [
        trace_row(problem, problem.steps, id=f"correct-{n}", generator="teacher")
        for n, problem in enumerate(correct)
    ]
    rows += [
        trace_row(
            problem,
            solve_steps(problem, smaller_from_larger),
            id=f"wrong-{n}",
            generator="subtracts the smaller from the larger",
        )
        for n, problem in enumerate(wrong)
    ]
    return seed.export("mistakes", rows, "mistake-tuning", references=False)


def compare(seed: SeedRun) -> None:
    """Train every arm and record which held-out problems it solves."""
    export = export_rationales(seed)
    for arm, settings in ARMS.items():
        model = seed.train(
            arm.replace(" ", "-").replace(",", ""),
            "mistake-tuning",
            export,
            seed.untrained(),
            steps=seed.sizes.mistake_steps,
            batch_size=32,
            learning_rate=3e-3,
            **settings,
        )
        tag = TAGS[0] if settings["prefix"] else ""
        seed.solved[arm] = Policy(model, tag=tag).solved(seed.held_out)
        if tag:
            seed.solved[WRONG_TAG] = Policy(model, tag=TAGS[1]).solved(seed.held_out)
