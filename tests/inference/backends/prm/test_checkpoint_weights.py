"""Weights are read from one file or several."""

import random
from pathlib import Path

import pytest

from inference.backends import load_backend
from inference.backends.interface import BackendError, Recipe, TraceText
from inference.backends.prm.qwen import QwenPrmBackend
from tests.tiny_models import make_tiny_prm


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_prm(tmp_path_factory.mktemp("prm"))


def backend(folder: Path, threshold: float | None = 0.5, **parameters: object) -> QwenPrmBackend:
    return QwenPrmBackend(
        Recipe("qwen-prm", str(folder), "1", threshold, {"device": "cpu", **parameters})
    )


def traces(count: int) -> list[TraceText]:
    """Return traces of 60 to 400 tokens, in no order."""
    letters = random.Random(7)
    return [
        TraceText(
            problem="".join(letters.choices("abc +", k=letters.randint(5, 60))),
            steps=[
                "".join(letters.choices("xyz = 12", k=letters.randint(1, 40)))
                for _ in range(letters.randint(1, 7))
            ],
        )
        for _ in range(count)
    ]


def test_a_sharded_checkpoint_scores_alike(folder: Path, tmp_path: Path):
    sharded = make_tiny_prm(tmp_path / "sharded", sharded=True)
    alike = zip(backend(sharded).judge(traces(4)), backend(folder).judge(traces(4)), strict=True)
    for one, other in alike:
        assert one.scores == pytest.approx(other.scores, abs=1e-6)


def refusal(recipe: Recipe) -> str:
    with pytest.raises(BackendError) as caught:
        load_backend(recipe)
    return str(caught.value)


def test_a_file_cut_short_is_a_sentence(tmp_path: Path):
    folder = make_tiny_prm(tmp_path / "prm")
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:1000])
    assert "can't be" in refusal(Recipe("qwen-prm", str(folder)))
