"""NFT against rejection sampling on problems with many correct solutions.

The base's training stops when most attempts are correct. A correct attempt then mostly shows which
solution was taken by chance, and a wrong one shows where the policy errs. The arms are compared by
the share of correct sampled attempts at temperature 1, which both objectives raise. Greedy attempts
are nearly always correct from the start.
"""

import random
from pathlib import Path
from statistics import fmean as mean
from typing import Any

from training.loop.experiment import HELD_OUT_SEED, SeedRun
from training.loop.rollouts import Policy, response_steps, trace_row
from training.loop.rounds import Rounds
from training.loop.toy_groupings import DIGITS, Grouping, generate_groupings, parse_grouping

MAX_TOKENS = 6 * (DIGITS - 1) + 1  # five per step, one per break or end
# The base trains in stages of `grouping_stage_steps` updates until this share of sampled attempts
# is correct.
MAX_STAGES, CORRECT_SHARE, VALIDATION = 30, 0.8, 300
SAMPLES = 4
BASE, FINE_TUNED = "many answers: base", "many answers: more fine-tuning"
ARMS: dict[str, dict[str, Any]] = {
    # Rejection sampling has equal weights for all problems in the paper; NFT has its defaults.
    "many answers: rejection sampling": {"negative_weight": 0.0, "normalize": 0},
    "many answers: NFT": {"negative_weight": 1.0},
}


def compare(seed: SeedRun) -> None:
    """Train every arm from one base and record its share of correct sampled attempts."""
    held_out = generate_groupings(seed.sizes.held_out, HELD_OUT_SEED + seed.number)
    base, lessons = _train_base(seed, held_out)
    _measure(seed, BASE, base, held_out)
    tuned = _fine_tune(
        seed, "groupings-more", lessons, base, 3 * seed.sizes.grouping_stage_steps, 5e-4
    )
    _measure(seed, FINE_TUNED, tuned, held_out)
    rounds = _rounds(seed, held_out)
    first_export = rounds.export_first(base)
    for index, (arm, settings) in enumerate(ARMS.items()):
        model = base
        for number in range(1, seed.sizes.grouping_rounds + 1):
            model = rounds.train(str(index), number, model, first_export, **settings)
        _measure(seed, arm, model, held_out)


def _train_base(seed: SeedRun, held_out: list[Grouping]) -> tuple[Path, Path]:
    """Return the base policy and the export that it was trained on."""
    rng = random.Random(seed.number)  # noqa: S311 problems, not secrets
    problems = generate_groupings(
        seed.sizes.grouping_lessons, 1_000 * seed.number + 2, without=held_out
    )
    rows = [
        trace_row(problem, problem.steps(rng), id=str(n), generator="teacher")
        for n, problem in enumerate(problems)
    ]
    lessons = seed.export(
        "groupings-lessons", rows, "mistake-tuning", parse=parse_grouping, references=False
    )
    validation = generate_groupings(VALIDATION, seed.number, without=held_out)
    model = seed.untrained()
    steps = seed.sizes.grouping_stage_steps
    for stage in range(1, MAX_STAGES + 1):
        model = _fine_tune(
            seed, f"groupings-base-{stage}", lessons, model, steps, 3e-3, stage=stage
        )
        shares, _ = _sample_shares(seed, model, validation, samples=1)
        if sum(shares) / VALIDATION >= CORRECT_SHARE:
            break
    return model, lessons


def _fine_tune(
    seed: SeedRun,
    name: str,
    export: Path,
    base: Path,
    steps: int,
    rate: float,
    *,
    stage: int = 0,
) -> Path:
    """Train on the export, in an order that depends on the stage, and return the model."""
    settings: dict[str, Any] = {"seed": 100 * seed.number + stage}
    return seed.train(
        name,
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


def _rounds(seed: SeedRun, held_out: list[Grouping]) -> Rounds:
    def draw(number: int) -> list[Grouping]:
        count = seed.sizes.round_problems
        return generate_groupings(
            count, 10_000_000 + 1_000 * seed.number + number, without=held_out
        )

    return Rounds(
        seed,
        prefix="groupings-",
        draw=draw,
        parse=parse_grouping,
        samples=seed.sizes.grouping_samples,
        max_tokens=MAX_TOKENS,
        settings={"learning_rate": 1e-4, "warmup": 0.2, "batch_size": 64},
    )


def _measure(seed: SeedRun, arm: str, model: Path, held_out: list[Grouping]) -> None:
    shares, entropy = _sample_shares(seed, model, held_out, samples=SAMPLES)
    seed.solved[arm] = shares
    greedy = Policy(model, max_tokens=MAX_TOKENS).solved(held_out)
    seed.figures[f"{arm}, greedy"] = mean(greedy)
    seed.figures[f"{arm}, entropy"] = entropy


def _sample_shares(
    seed: SeedRun, model: Path, problems: list[Grouping], *, samples: int
) -> tuple[list[float], float]:
    """Return each problem's share of correct sampled attempts, and the entropy of an attempt.

    The entropy is in nats, estimated by the mean surprisal of the attempts.
    """
    groups = Policy(model, max_tokens=MAX_TOKENS).sample(
        problems, samples=samples, temperature=1.0, seed=seed.number
    )
    shares = [
        mean(problem.earliest_error(response_steps(response)) == -1 for response in group)
        for problem, group in zip(problems, groups, strict=True)
    ]
    return shares, mean(-sum(response.logprobs) for group in groups for response in group)
