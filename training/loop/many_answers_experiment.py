"""NFT against rejection sampling where many answers are right and the policy mostly is.

The base is stopped when it solves most problems, by ways of its own choice. A right attempt then
says little but which way chance took; a wrong one says where the policy errs. What is compared is
the share of sampled attempts that are right, at temperature 1, which is what both objectives raise;
the likeliest attempt is nearly always right from the beginning.
"""

import random
from pathlib import Path
from statistics import fmean as mean
from typing import Any

from training.loop.experiment import HELD_OUT_SEED, Seed
from training.loop.rollouts import Policy, steps_of, trace_row
from training.loop.rounds import Rounds
from training.loop.toy_groupings import DIGITS, Gathering, gathering, gatherings

LONGEST = 6 * (DIGITS - 1) + 1  # tokens: a step is five, and a break or the end follows
# Parts of `ways_part` updates until this share of sampled attempts is right.
MOST_PARTS, TAUGHT, VALIDATION = 30, 0.8, 300
SAMPLES = 4
BASE, MORE = "many ways: base", "many ways: more fine-tuning"
ARMS: dict[str, dict[str, Any]] = {
    # Rejection sampling weighs all problems alike in the paper; NFT has the weights of the default.
    "many ways: rejection sampling": {"negative_weight": 0.0, "normalize": 0},
    "many ways: NFT": {"negative_weight": 1.0},
}


def compare(seed: Seed) -> None:
    held_out = gatherings(seed.sizes.held_out, HELD_OUT_SEED + seed.number)
    base, lessons = _base(seed, held_out)
    _measure(seed, BASE, base, held_out)
    more = _fine_tuned(seed, "ways-more", lessons, base, 3 * seed.sizes.ways_part, 5e-4)
    _measure(seed, MORE, more, held_out)
    rounds = _rounds(seed, held_out)
    first = rounds.first(base)
    for place, (arm, settings) in enumerate(ARMS.items()):
        model = base
        for number in range(1, seed.sizes.ways_rounds + 1):
            model = rounds.learn(str(place), number, model, first, **settings)
        _measure(seed, arm, model, held_out)


def _base(seed: Seed, held_out: list[Gathering]) -> tuple[Path, Path]:
    """The policy, and the export of lessons that it learnt from."""
    chance = random.Random(seed.number)  # noqa: S311
    problems = gatherings(seed.sizes.ways_lessons, 1_000 * seed.number + 2, without=held_out)
    rows = [
        trace_row(problem, problem.steps(chance), id=str(n), generator="teacher")
        for n, problem in enumerate(problems)
    ]
    lessons = seed.exported(
        "ways-lessons", rows, "mistake-tuning", read=gathering, references=False
    )
    others = gatherings(VALIDATION, seed.number, without=held_out)
    model = seed.untrained()
    for part in range(1, MOST_PARTS + 1):
        steps = seed.sizes.ways_part
        model = _fine_tuned(seed, f"ways-base-{part}", lessons, model, steps, 3e-3, part=part)
        shares, _ = _attempted(seed, model, others, samples=1)
        if sum(shares) / VALIDATION >= TAUGHT:
            break
    return model, lessons


def _fine_tuned(
    seed: Seed, what: str, export: Path, base: Path, steps: int, rate: float, *, part: int = 0
) -> Path:
    """Each part sees the lessons in an order of its own."""
    settings: dict[str, Any] = {"seed": 100 * seed.number + part}
    return seed.train(
        what,
        "mistake-tuning",
        export,
        base,
        steps=steps,
        batch_size=32,
        learning_rate=rate,
        warmup=0.1,
        prefix=False,
        rationales="correct",
        **settings,
    )


def _rounds(seed: Seed, held_out: list[Gathering]) -> Rounds:
    def draw(number: int) -> list[Gathering]:
        count = seed.sizes.questions
        return gatherings(count, 10_000_000 + 1_000 * seed.number + number, without=held_out)

    return Rounds(
        seed,
        name="ways-",
        draw=draw,
        read=gathering,
        samples=seed.sizes.ways_samples,
        longest=LONGEST,
        settings={"learning_rate": 1e-4, "warmup": 0.2, "batch_size": 64},
    )


def _measure(seed: Seed, arm: str, model: Path, held_out: list[Gathering]) -> None:
    shares, surprisal = _attempted(seed, model, held_out, samples=SAMPLES)
    seed.solved[arm] = shares
    seed.figures[f"{arm}, greedily"] = mean(Policy(model, longest=LONGEST).solved(held_out))
    seed.figures[f"{arm}, entropy"] = surprisal


def _attempted(
    seed: Seed, model: Path, problems: list[Gathering], *, samples: int
) -> tuple[list[float], float]:
    """Of each problem the share of sampled attempts that are right; and the entropy of an attempt
    in nats, by how much the attempts surprise the policy."""
    groups = Policy(model, longest=LONGEST).attempts(
        problems, samples=samples, temperature=1.0, seed=seed.number
    )
    shares = [
        mean(problem.earliest_error(steps_of(response)) == -1 for response in group)
        for problem, group in zip(problems, groups, strict=True)
    ]
    return shares, mean(-sum(response.logprobs) for group in groups for response in group)
