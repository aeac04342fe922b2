"""Rounds of learning from one's own attempts: the policy attempts, the truth verifies, it learns.

The first round's attempts pass through the platform's tables, and every arm starts from that same
export; the later ones go through folders that are written as an export has them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.jobs.export_reader import MANIFEST
from training.jobs.files import read_json
from training.loop.experiment import Seed
from training.loop.rollouts import Policy, rollout_rows, write_folder
from training.loop.toy_arithmetic import Problem


@dataclass(frozen=True, slots=True)
class Rounds:
    """`draw` gives the problems of a round, counted from 1; `settings` are those of the job nft."""

    seed: Seed
    name: str
    draw: Callable[[int], Sequence[Problem]]
    read: Callable[[str], Problem]
    samples: int
    longest: int  # tokens of an attempt
    settings: dict[str, Any]

    def first(self, base: Path) -> Path:
        """Through the tables: the attempts are a dataset, the truth its reviewer."""
        problems = self.draw(1)
        attempts = Policy(base, longest=self.longest).attempts(
            problems, samples=self.samples, temperature=1.0, seed=self.seed.number
        )
        rows = rollout_rows(problems, attempts, generator="base", longest=self.longest)
        return self.seed.exported(
            f"{self.name}round-1", rows, "nft-rollouts", read=self.read, instruction=""
        )

    def learn(self, arm: str, number: int, model: Path, first: Path, **more: Any) -> Path:
        """The policy after one more round; `first` is the export of the first."""
        folder = first if number == 1 else self._own(arm, number, model)
        manifest = read_json(folder / MANIFEST) or {}
        if not any(file["rows"] for file in manifest["files"].values()):
            return model  # every group was all right or all wrong
        what = f"{self.name}{arm}-{number}"
        return self.seed.train(what, "nft", folder, model, **self.settings, **more)

    def _own(self, arm: str, number: int, model: Path) -> Path:
        problems = self.draw(number)
        attempts = Policy(model, longest=self.longest).attempts(
            problems,
            samples=self.samples,
            temperature=1.0,
            seed=100 * self.seed.number + number,
        )
        folder = self.seed.folder / f"{self.name}rollouts-{arm}-{number}"
        return write_folder(folder, problems, attempts)
