"""Skywork's models against their card."""

from pathlib import Path

import pytest

from inference.backends.interface import BackendError, TraceText
from tests import tiny_prms
from tests.inference.backends.prm.families import FAMILIES, backend, traces


def test_scores_equal_those_of_one_trace_at_a_time(tmp_path: Path):
    make, by_hand = FAMILIES["skywork-prm"]
    folder = make(tmp_path / "prm")
    given = traces(10)
    findings = backend("skywork-prm", folder, batch_tokens=700).judge(given)
    for finding, trace in zip(findings, given, strict=True):
        assert finding.scores == pytest.approx(by_hand(folder, trace), abs=1e-4)
    scores = [score for finding in findings for score in finding.scores or []]
    assert max(scores) - min(scores) > 0.05


def test_line_breaks_within_a_step_are_blanks(tmp_path: Path):
    judge = backend("skywork-prm", tiny_prms.make_skywork(tmp_path))
    broken, whole = judge.judge([TraceText("abc?", ["x\ny", "z"]), TraceText("abc?", ["x y", "z"])])
    assert broken.scores == pytest.approx(whole.scores)


def test_another_familys_checkpoint_is_a_sentence(tmp_path: Path):
    folder = tiny_prms.make_rlhflow(tmp_path)
    with pytest.raises(BackendError, match="of type 'llama'; this backend runs qwen2"):
        backend("skywork-prm", folder)
