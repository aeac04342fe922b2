"""A seed of the experiment with sizes that a test can run, and an untrained policy."""

from pathlib import Path

import pytest

from training.loop.experiment import SMALL_SIZES, SeedRun
from training.loop.rollouts import Policy


@pytest.fixture
def seed(tmp_path: Path) -> SeedRun:
    return SeedRun(1, tmp_path / "seed", SMALL_SIZES, lambda message: None)


@pytest.fixture
def policy(seed: SeedRun) -> Policy:
    return Policy(seed.untrained())
