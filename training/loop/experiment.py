"""One seed of the experiment: its sizes, folder, datasets, training runs and results."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from training.jobs.files import MODEL, write_run
from training.jobs.runner import run
from training.loop.platform_pipeline import export_dataset, import_rows, review_traces
from training.loop.policy import make_policy
from training.loop.toy_arithmetic import (
    ArithmeticChain,
    Problem,
    generate_chains,
    parse_chain,
    taught_facts,
)

HELD_OUT_SEED = 1_000_000
TAUGHT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class ExperimentSizes:
    """The numbers of problems, attempts and updates."""

    held_out: int = 1_000
    lessons: int = 3_000
    base_steps: int = 300
    mistake_problems: int = 400
    mistake_steps: int = 700
    rounds: int = 12
    round_problems: int = 64
    samples: int = 16
    prm_problems: int = 600
    prm_steps: int = 800
    grouping_lessons: int = 6_000
    grouping_stage_steps: int = 100
    grouping_rounds: int = 32
    grouping_samples: int = 8


SMALL_SIZES = ExperimentSizes(20, 60, 3, 20, 3, 2, 8, 4, 12, 3, 60, 2, 2, 4)


@dataclass(slots=True)
class SeedRun:
    """The work of one seed.

    `solved` maps an arm to whether each held-out problem is solved, or to the share of attempts
    that solve it.
    """

    number: int
    folder: Path
    sizes: ExperimentSizes
    log: Callable[[str], None]
    solved: dict[str, Sequence[float]] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        torch.set_num_threads(1)

    @property
    def held_out(self) -> list[ArithmeticChain]:
        """The test problems, the same for every arm. Nothing trains on them."""
        return generate_chains(self.sizes.held_out, HELD_OUT_SEED + self.number)

    def problems(self, count: int, purpose: int, *, taught: bool = False) -> list[ArithmeticChain]:
        """Return problems for a purpose, none held out; with `taught`, of the taught facts only."""
        facts = taught_facts(TAUGHT_SHARE, self.number) if taught else None
        return generate_chains(
            count, 1_000 * self.number + purpose, without=self.held_out, facts=facts
        )

    def dataset_name(self, suffix: str) -> str:
        """Return the name of this seed's dataset."""
        return f"loop-{self.number}-{suffix}"

    def export(
        self,
        suffix: str,
        rows: list[dict[str, Any]],
        recipe: str,
        *,
        parse: Callable[[str], Problem] = parse_chain,
        **options: Any,
    ) -> Path:
        """Import rows, review them with the known truth, and return the folder of their export.

        `parse` returns the problem of a text.
        """
        dataset = import_rows(self.dataset_name(suffix), rows, self.folder / "imports")
        problems = {row["problem"]: parse(row["problem"]) for row in rows}
        review_traces(dataset, lambda problem, steps: problems[problem].earliest_error(steps))
        return export_dataset(dataset, recipe, **options)

    def untrained(self) -> Path:
        """Return the folder of the seed's untrained policy."""
        folder = self.folder / "untrained"
        return folder if folder.exists() else make_policy(folder, seed=self.number)

    def train(self, name: str, job: str, export: Path, base: Path, **settings: Any) -> Path:
        """Run a training job and return the folder of the trained model."""
        folder = self.folder / name
        values = {"base": str(base), "seed": self.number, "log_every": 10, **settings}
        values.setdefault("checkpoint_every", 0)
        write_run(folder, job=job, export=export, settings=values)
        run(folder)
        self.log(f"seed {self.number}: {name} trained")
        return folder / MODEL
