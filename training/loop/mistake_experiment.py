"""Mistake tuning against plain fine-tuning, and against the same data without the tags.

Right rationales and wrong ones that share a misconception, on problems that tell the two apart.
"""

from pathlib import Path
from typing import Any

from training.loop.experiment import Seed
from training.loop.policy import TAGS
from training.loop.rollouts import Policy, trace_row
from training.loop.toy_arithmetic import smaller_from_larger, worked

WRONG_PER_RIGHT = 4
ARMS: dict[str, dict[str, Any]] = {
    "right rationales alone": {"rationales": "correct", "prefix": False},
    "right and wrong, untagged": {"prefix": False},
    "mistake tuning": {"prefix": True},
}


def export(seed: Seed) -> Path:
    """A right trace of each of some problems, and wrong traces of four times as many others."""
    count = seed.sizes.mistake_problems
    drawn = seed.problems(12 * count, purpose=1)
    telling = [p for p in drawn if worked(p, smaller_from_larger) != p.steps]
    right, wrong = telling[:count], telling[count : count * (1 + WRONG_PER_RIGHT)]
    rows = [
        trace_row(problem, problem.steps, id=f"right-{n}", generator="teacher")
        for n, problem in enumerate(right)
    ]
    rows += [
        trace_row(
            problem,
            worked(problem, smaller_from_larger),
            id=f"wrong-{n}",
            generator="takes the smaller from the larger",
        )
        for n, problem in enumerate(wrong)
    ]
    return seed.exported("mistakes", rows, "mistake-tuning", references=False)


def compare(seed: Seed) -> None:
    folder = export(seed)
    for arm, settings in ARMS.items():
        model = seed.train(
            arm.replace(" ", "-").replace(",", ""),
            "mistake-tuning",
            folder,
            seed.untrained(),
            steps=seed.sizes.mistake_steps,
            batch_size=32,
            learning_rate=3e-3,
            **settings,
        )
        tag = TAGS[0] if settings["prefix"] else ""
        seed.solved[arm] = Policy(model, tag=tag).solved(seed.held_out)
        if tag:
            opposite = Policy(model, tag=TAGS[1]).solved(seed.held_out)
            seed.solved["mistake tuning, asked for a wrong one"] = opposite
