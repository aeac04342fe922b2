"""PURE against its card."""

from pathlib import Path

import pytest

from inference.backends import BACKENDS
from inference.backends.interface import TraceText
from tests import tiny_prms
from tests.inference.backends.prm.families import FAMILIES, backend, traces


def test_scores_equal_those_of_one_trace_at_a_time(tmp_path: Path):
    make, by_hand = FAMILIES["pure-prm"]
    folder = make(tmp_path / "prm")
    given = traces(10)
    findings = backend("pure-prm", folder, batch_tokens=700).judge(given)
    for finding, trace in zip(findings, given, strict=True):
        assert finding.scores == pytest.approx(by_hand(folder, trace), abs=1e-4)
    scores = [score for finding in findings for score in finding.scores or []]
    assert max(scores) - min(scores) > 0.05


def test_scores_lie_between_minus_one_and_one(tmp_path: Path):
    judge = backend("pure-prm", tiny_prms.make_token_classifier(tmp_path))
    (finding,) = judge.judge([TraceText("abc?", ["xyz", "12"])])
    assert all(-1 <= score <= 1 for score in finding.scores or [])
    assert judge.threshold == BACKENDS["pure-prm"].default_threshold == 0.0
