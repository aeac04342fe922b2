"""NFT against rejection sampling and more fine-tuning, over rounds of the policy's own attempts.

The base is taught only a share of the facts. Every problem has one correct answer.
"""

from pathlib import Path

from training.loop.experiment import TAUGHT_SHARE, SeedRun
from training.loop.rollouts import MAX_TOKENS, Policy, trace_row
from training.loop.rounds import Rounds
from training.loop.toy_arithmetic import generate_chains, parse_chain, taught_facts

# The base trains in stages of `base_steps` updates until it solves this share of the validation
# problems.
MAX_STAGES, SOLVED_SHARE, VALIDATION = 6, 0.9, 200
ARMS = {"rejection sampling": 0.0, "NFT": 1.0}


def train_base(seed: SeedRun) -> tuple[Path, Path]:
    """Return the base policy and the export that it was trained on."""
    rows = [
        trace_row(problem, problem.steps, id=str(n), generator="teacher")
        for n, problem in enumerate(seed.problems(seed.sizes.lessons, 2, taught=True))
    ]
    export = seed.export("lessons", rows, "mistake-tuning", references=False)
    model = _train_in_stages(seed, export)
    seed.solved["base"] = Policy(model).solved(seed.held_out)
    return model, export


def _train_in_stages(seed: SeedRun, export: Path) -> Path:
    """Train until the policy solves new problems of the taught facts, and return it.

    Learning is a sharp transition whose time depends on the seed, so a fixed number of updates
    would not do.
    """
    facts = taught_facts(TAUGHT_SHARE, seed.number)
    validation = generate_chains(VALIDATION, seed.number, facts=facts)
    model = seed.untrained()
    for stage in range(1, MAX_STAGES + 1):
        model = _fine_tune(seed, f"base-{stage}", export, model, rate=3e-3)
        share = sum(Policy(model).solved(validation)) / VALIDATION
        seed.figures["base, of taught facts"] = [stage, share]
        if share >= SOLVED_SHARE:
            break
    return model


def compare(seed: SeedRun, base: Path, lessons: Path) -> None:
    """Train every arm from the base and record which held-out problems it solves."""
    tuned = _fine_tune(seed, "more-lessons", lessons, base, rate=5e-4)
    seed.solved["more fine-tuning"] = Policy(tuned).solved(seed.held_out)
    rounds = _rounds(seed)
    first_export = rounds.export_first(base)
    for arm, weight in ARMS.items():
        model, curve = base, []
        for number in range(1, seed.sizes.rounds + 1):
            model = rounds.train(arm, number, model, first_export, negative_weight=weight)
            if number in (seed.sizes.rounds // 2, seed.sizes.rounds):
                seed.solved[arm] = Policy(model).solved(seed.held_out)
                curve.append([number, sum(seed.solved[arm]) / len(seed.held_out)])
        seed.figures[f"{arm}, by round"] = curve


def _rounds(seed: SeedRun) -> Rounds:
    return Rounds(
        seed,
        prefix="",
        draw=lambda number: seed.problems(seed.sizes.round_problems, 2 + number),
        parse=parse_chain,
        samples=seed.sizes.samples,
        max_tokens=MAX_TOKENS,
        settings={"learning_rate": 1e-4, "warmup": 0.2, "epochs": 2, "batch_size": 128},
    )


def _fine_tune(seed: SeedRun, name: str, export: Path, base: Path, *, rate: float) -> Path:
    return seed.train(
        name,
        "mistake-tuning",
        export,
        base,
        steps=seed.sizes.base_steps,
        batch_size=32,
        learning_rate=rate,
        prefix=False,
        rationales="correct",
    )
