"""What every family of process reward models has in common."""

import pytest

from inference.backends import BACKENDS
from inference.backends.interface import TraceText
from tests.inference.backends.prm.families import FAMILIES, backend, traces


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    name = request.param
    make, by_hand = FAMILIES[name]
    return name, make(tmp_path_factory.mktemp("prm") / name), by_hand


def test_every_family_of_prms_is_tested_here():
    named = {name for name, known in BACKENDS.items() if known.kind == "prm"}
    assert named - {"qwen-prm", "vllm-pooling"} == set(FAMILIES)


@pytest.mark.parametrize("steps", [["xyz", "", "12"], [""], ["", "", "z"], ["xyz\n", " ", "\n\n"]])
def test_empty_steps_have_scores_of_their_own(family, steps: list[str]):
    name, folder, by_hand = family
    given = [TraceText("abc?", steps), TraceText("abc?", ["xyz"])]
    empty, whole = backend(name, folder).judge(given)
    if name != "skywork-prm":  # whose line breaks are blanks
        assert empty.scores == pytest.approx(by_hand(folder, given[0]), abs=1e-4)
    assert len(empty.scores or []) == len(steps)
    assert whole.scores == pytest.approx(by_hand(folder, given[1]), abs=1e-4)


def test_the_threshold_is_the_familys_own(family):
    name, folder, _ = family
    loaded = backend(name, folder)
    assert loaded.threshold == BACKENDS[name].default_threshold
    for finding in loaded.judge(traces(10)):
        low = [i for i, score in enumerate(finding.scores or []) if score < loaded.threshold]
        assert finding.earliest_error == (low[0] if low else -1)


def test_the_tokens_that_were_read_are_told(family):
    name, folder, _ = family
    (one,) = backend(name, folder).judge([TraceText("abc?", ["xyz"])])
    (two,) = backend(name, folder).judge([TraceText("abc?", ["xyz", "xyz"])])
    assert two.tokens > one.tokens > 3


def test_a_trace_over_the_context_is_a_failure_and_its_neighbour_is_not(family):
    name, folder, by_hand = family
    short = TraceText("abc?", ["xyz", "12"])
    long, found = backend(name, folder).judge([TraceText("abc?", ["x" * 600]), short])
    assert long.failure == "The trace is longer than the 512 tokens that the model reads."
    assert found.scores == pytest.approx(by_hand(folder, short), abs=1e-4)
