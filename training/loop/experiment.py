"""One seed of the loop, from an untrained policy to the figures of every arm."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from training.jobs.files import MODEL, write_run
from training.jobs.runner import run
from training.loop.platform_pipeline import bring_in, review, send_out
from training.loop.policy import make_policy
from training.loop.toy_arithmetic import Problem, Sum, known_facts, sums

HELD_OUT_SEED = 1_000_000
TAUGHT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; `small` is for a test."""

    held_out: int = 1_000
    lessons: int = 3_000
    base_steps: int = 300
    mistake_problems: int = 400
    mistake_steps: int = 700
    rounds: int = 12
    questions: int = 64
    samples: int = 16
    prm_problems: int = 600
    prm_steps: int = 800
    ways_lessons: int = 6_000
    ways_part: int = 100
    ways_rounds: int = 32
    ways_samples: int = 8


SMALL = Sizes(20, 60, 3, 20, 3, 2, 8, 4, 12, 3, 60, 2, 2, 4)


@dataclass(slots=True)
class Seed:
    """Where a seed works, and what it has found: arm to whether each held-out problem is solved, or
    to the share of attempts at it that solve it."""

    number: int
    folder: Path
    sizes: Sizes
    say: Callable[[str], None]
    solved: dict[str, Sequence[float]] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        torch.set_num_threads(1)

    @property
    def held_out(self) -> list[Sum]:
        """The same for every arm; nothing trains on them."""
        return sums(self.sizes.held_out, HELD_OUT_SEED + self.number)

    def problems(self, count: int, purpose: int, *, taught: bool = False) -> list[Sum]:
        facts = known_facts(TAUGHT_SHARE, self.number) if taught else None
        return sums(count, 1_000 * self.number + purpose, without=self.held_out, facts=facts)

    def name(self, what: str) -> str:
        return f"loop-{self.number}-{what}"

    def exported(
        self,
        what: str,
        rows: list[dict[str, Any]],
        recipe: str,
        *,
        read: Callable[[str], Problem] | None = None,
        **options: Any,
    ) -> Path:
        """Rows through the platform's tables: imported, reviewed by the truth, exported. `read`
        tells the problem by its text."""
        dataset = bring_in(self.name(what), rows, self.folder / "imports")
        truth = {row["problem"]: (read or parsed)(row["problem"]) for row in rows}
        review(dataset, lambda problem, steps: truth[problem].earliest_error(steps))
        return send_out(dataset, recipe, **options)

    def untrained(self) -> Path:
        folder = self.folder / "untrained"
        return folder if folder.exists() else make_policy(folder, seed=self.number)

    def train(self, what: str, job: str, export: Path, base: Path, **settings: Any) -> Path:
        """The folder of the trained model."""
        folder = self.folder / what
        values = {"base": str(base), "seed": self.number, "log_every": 10, **settings}
        values.setdefault("checkpoint_every", 0)
        write_run(folder, job=job, export=export, settings=values)
        run(folder)
        self.say(f"seed {self.number}: {what} trained")
        return folder / MODEL


def parsed(text: str) -> Sum:
    """The problem that a text states: digits and signs take turns."""
    pairs = zip(text[1::2], text[2::2], strict=True)
    return Sum(int(text[0]), tuple((sign, int(digit)) for sign, digit in pairs))
