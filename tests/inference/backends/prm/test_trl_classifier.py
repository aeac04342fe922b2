"""TRL's classifiers against their trainer's tokens."""

from pathlib import Path

import pytest

from inference.backends.interface import BackendError, TraceText
from tests import tiny_prms
from tests.inference.backends.prm.families import FAMILIES, backend, traces


def test_scores_equal_those_of_one_trace_at_a_time(tmp_path: Path):
    make, by_hand = FAMILIES["trl-prm"]
    folder = make(tmp_path / "prm")
    given = traces(10)
    findings = backend("trl-prm", folder, batch_tokens=700).judge(given)
    for finding, trace in zip(findings, given, strict=True):
        assert finding.scores == pytest.approx(by_hand(folder, trace), abs=1e-4)
    scores = [score for finding in findings for score in finding.scores or []]
    assert max(scores) - min(scores) > 0.05


def test_a_separator_of_words_within_a_step_is_a_failure(tmp_path: Path):
    folder = tiny_prms.make_token_classifier(tmp_path)
    judge = backend("trl-prm", folder, separator=" ### ")
    (finding,) = judge.judge([TraceText("abc?", ["one", "two ### three"])])
    assert finding.failure == "Step 2 contains ' ### ', which ends a step."


def test_another_familys_checkpoint_is_a_sentence(tmp_path: Path):
    folder = tiny_prms.make_rlhflow(tmp_path)
    with pytest.raises(BackendError, match=r"lacks score\.weight"):
        backend("trl-prm", folder)
