"""Rounds of NFT: the policy attempts problems, the truth verifies, the policy trains on them.

The first round's attempts pass through the platform's tables, and every arm starts from the same
export. Later rounds use folders that are written in the format of an export.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.jobs.export_reader import MANIFEST
from training.jobs.files import read_json
from training.loop.experiment import SeedRun
from training.loop.rollouts import Policy, rollout_rows, write_rollout_export
from training.loop.toy_arithmetic import Problem


@dataclass(frozen=True, slots=True)
class Rounds:
    """`draw` returns the problems of a round, counted from 1; `settings` are for the job nft."""

    seed: SeedRun
    prefix: str
    draw: Callable[[int], Sequence[Problem]]
    parse: Callable[[str], Problem]
    samples: int
    max_tokens: int  # per attempt
    settings: dict[str, Any]

    def export_first(self, base: Path) -> Path:
        """Return the export of the first round: imported, reviewed with the truth, exported."""
        problems = self.draw(1)
        groups = Policy(base, max_tokens=self.max_tokens).sample(
            problems, samples=self.samples, temperature=1.0, seed=self.seed.number
        )
        rows = rollout_rows(problems, groups, generator="base", max_tokens=self.max_tokens)
        return self.seed.export(
            f"{self.prefix}round-1", rows, "nft-rollouts", parse=self.parse, instruction=""
        )

    def train(
        self, arm: str, number: int, model: Path, first_export: Path, **settings: Any
    ) -> Path:
        """Return the policy after one more round.

        A round without a mixed group has nothing to learn from and returns the model unchanged.
        """
        export = first_export if number == 1 else self._write_export(arm, number, model)
        manifest = read_json(export / MANIFEST) or {}
        if not any(file["rows"] for file in manifest["files"].values()):
            return model
        name = f"{self.prefix}{arm}-{number}"
        return self.seed.train(name, "nft", export, model, **self.settings, **settings)

    def _write_export(self, arm: str, number: int, model: Path) -> Path:
        problems = self.draw(number)
        groups = Policy(model, max_tokens=self.max_tokens).sample(
            problems,
            samples=self.samples,
            temperature=1.0,
            seed=100 * self.seed.number + number,
        )
        folder = self.seed.folder / f"{self.prefix}rollouts-{arm}-{number}"
        return write_rollout_export(folder, problems, groups)
