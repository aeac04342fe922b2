"""NFT against rejection sampling and more fine-tuning, over rounds of the policy's own attempts.

The base is taught a share of the facts only, and every problem has one right answer.
"""

from pathlib import Path

from training.loop.experiment import TAUGHT_SHARE, Seed, parsed
from training.loop.rollouts import LONGEST, Policy, trace_row
from training.loop.rounds import Rounds
from training.loop.toy_arithmetic import known_facts, sums

# Parts of `base_steps` updates until so many of so many validation problems are solved.
MOST_PARTS, TAUGHT, VALIDATION = 6, 0.9, 200
ARMS = {"rejection sampling": 0.0, "NFT": 1.0}


def taught_base(seed: Seed) -> tuple[Path, Path]:
    """The base policy, and the export of lessons that it learnt from."""
    lessons = [
        trace_row(problem, problem.steps, id=str(n), generator="teacher")
        for n, problem in enumerate(seed.problems(seed.sizes.lessons, 2, taught=True))
    ]
    export = seed.exported("lessons", lessons, "mistake-tuning", references=False)
    model = _until_taught(seed, export)
    seed.solved["base"] = Policy(model).solved(seed.held_out)
    return model, export


def _until_taught(seed: Seed, lessons: Path) -> Path:
    """Learning comes as a sharp transition, sooner or later by the seed: a base is one that solves
    new problems of the facts that it was taught."""
    known = sums(VALIDATION, seed.number, facts=known_facts(TAUGHT_SHARE, seed.number))
    model = seed.untrained()
    for part in range(1, MOST_PARTS + 1):
        model = _fine_tuned(seed, f"base-{part}", lessons, model, rate=3e-3)
        solved = sum(Policy(model).solved(known)) / VALIDATION
        seed.figures["base, of taught facts"] = [part, solved]
        if solved >= TAUGHT:
            break
    return model


def compare(seed: Seed, base: Path, lessons: Path) -> None:
    more = _fine_tuned(seed, "more-lessons", lessons, base, rate=5e-4)
    seed.solved["more fine-tuning"] = Policy(more).solved(seed.held_out)
    rounds = _rounds(seed)
    first = rounds.first(base)
    for arm, weight in ARMS.items():
        model, curve = base, []
        for number in range(1, seed.sizes.rounds + 1):
            model = rounds.learn(arm, number, model, first, negative_weight=weight)
            if number in (seed.sizes.rounds // 2, seed.sizes.rounds):
                seed.solved[arm] = Policy(model).solved(seed.held_out)
                curve.append([number, sum(seed.solved[arm]) / len(seed.held_out)])
        seed.figures[f"{arm}, by round"] = curve


def _rounds(seed: Seed) -> Rounds:
    return Rounds(
        seed,
        name="",
        draw=lambda number: seed.problems(seed.sizes.questions, 2 + number),
        read=parsed,
        samples=seed.sizes.samples,
        longest=LONGEST,
        settings={"learning_rate": 1e-4, "warmup": 0.2, "epochs": 2, "batch_size": 128},
    )


def _fine_tuned(seed: Seed, what: str, export: Path, base: Path, *, rate: float) -> Path:
    return seed.train(
        what,
        "mistake-tuning",
        export,
        base,
        steps=seed.sizes.base_steps,
        batch_size=32,
        learning_rate=rate,
        prefix=False,
        rationales="correct",
    )
