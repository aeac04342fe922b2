"""ReasonEval against the authors' code."""

from pathlib import Path

import pytest

from inference.backends.interface import BackendError, TraceText
from tests import tiny_prms
from tests.inference.backends.prm.families import FAMILIES, backend, traces


def test_scores_equal_those_of_one_trace_at_a_time(tmp_path: Path):
    make, by_hand = FAMILIES["reasoneval-prm"]
    folder = make(tmp_path / "prm")
    given = traces(10)
    findings = backend("reasoneval-prm", folder, batch_tokens=700).judge(given)
    for finding, trace in zip(findings, given, strict=True):
        assert finding.scores == pytest.approx(by_hand(folder, trace), abs=1e-4)
    scores = [score for finding in findings for score in finding.scores or []]
    assert max(scores) - min(scores) > 0.05


def test_a_step_with_the_separator_is_a_failure(tmp_path: Path):
    make, _ = FAMILIES["reasoneval-prm"]
    (finding,) = backend("reasoneval-prm", make(tmp_path)).judge(
        [TraceText("abc?", ["so <s> it is"])]
    )
    assert finding.earliest_error is None
    assert "contains the text <s>" in finding.failure


def test_another_familys_checkpoint_is_a_sentence(tmp_path: Path):
    folder = tiny_prms.make_rlhflow(tmp_path)
    with pytest.raises(BackendError, match="no padding token"):
        backend("reasoneval-prm", folder)
