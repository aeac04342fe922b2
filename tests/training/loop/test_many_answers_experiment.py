"""NFT on problems with many correct solutions: the base, the arms and their figures."""

import pytest

from training.loop import many_answers_experiment
from training.loop.experiment import SeedRun
from training.loop.many_answers_experiment import ARMS, BASE, FINE_TUNED, compare


@pytest.mark.django_db(transaction=True)
def test_every_arm_is_measured_by_sampled_attempts(seed: SeedRun, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(many_answers_experiment, "VALIDATION", 10)
    monkeypatch.setattr(many_answers_experiment, "MAX_STAGES", 2)
    compare(seed)
    assert (seed.folder / "groupings-base-2" / "model").is_dir()
    assert seed.solved.keys() == {BASE, FINE_TUNED, *ARMS}
    for arm, shares in seed.solved.items():
        assert len(shares) == seed.sizes.held_out
        assert all(0 <= share <= 1 for share in shares)
        assert 0 <= seed.figures[f"{arm}, greedy"] <= 1
        assert seed.figures[f"{arm}, entropy"] > 0
