"""R-PRM's form against a server that writes as the model does."""

from typing import Any

import pytest

from inference.backends.generative_prm.r_prm import RPrmBackend, r_prm_parameters, verdict_of
from inference.backends.interface import BackendError, Finding, Recipe
from tests.inference.backends.chat.asking import TRACE, reachable
from tests.openai_server import Answer, completion, serving

__all__ = ["reachable"]
pytestmark = pytest.mark.usefixtures("reachable")

PROMPT = "Question: {question}\nPrevious Steps: {previous_steps}\nNow Step: {now_step}\nReply:"
YES, NO = (f"So. Verification: Is the step correct (Yes/No)? {word}" for word in ("Yes", "No."))


def judged(by_step: dict[str, list[str]], **parameters: Any) -> tuple[Finding, list]:
    """`by_step`: what the samples write about the step that ends so."""

    def reply(asked: dict[str, Any]) -> Answer:
        question = asked["messages"][0]["content"]
        return completion(*next(by_step[s] for s in by_step if f"Now Step: {s}" in question))

    with serving(reply) as server:
        known = {"endpoint": server.url, "patience": 0.0, "prompt": PROMPT, "samples": 4}
        recipe = Recipe("r-prm", "critic-7b", threshold=0.5, parameters=known | parameters)
        (finding,) = RPrmBackend(recipe).judge([TRACE])
    return finding, server.asked


def test_a_score_is_the_share_of_yes_and_the_first_low_one_the_error():
    finding, asked = judged(
        {"2 + 2": [YES, YES, NO, YES], "4 = 5": [NO, "hm", YES, NO], "So 5": [NO, YES, NO, YES]}
    )
    assert finding.scores == pytest.approx([0.75, 1 / 3, 0.5])
    assert finding.earliest_error == 1
    assert [(o.step, o.sample, o.label) for o in finding.outputs[4:8]] == [
        (1, 0, "no"), (1, 1, ""), (1, 2, "yes"), (1, 3, "no"),
    ]  # fmt: skip
    questions = {body["messages"][0]["content"] for body in asked}
    assert (
        PROMPT.format(
            question="What is 2 + 2?", previous_steps="2 + 2 = 4.\n4 = 5.", now_step="So 5."
        )
        in questions
    )
    assert {body["n"] for body in asked} == {4}


def test_a_step_without_a_verdict_is_a_failure():
    finding, _ = judged({"2 + 2": [YES] * 4, "4 = 5": ["hm"] * 4, "So 5": [YES] * 4})
    assert finding.failure == "The model judged a step with neither Yes nor No."
    assert len(finding.outputs) == 12


@pytest.mark.parametrize("prompt", ["", "{question}", PROMPT + "{x}", PROMPT + "{", PROMPT + "{}"])
def test_the_prompt_has_its_three_places(prompt: str):
    given = {"endpoint": "http://host:8000/v1", "prompt": prompt}
    with pytest.raises(BackendError, match="prompt"):
        r_prm_parameters(Recipe("r-prm", "m", parameters=given))


def test_the_last_verdict_counts():
    assert verdict_of(YES + NO) == "no"
    assert verdict_of("Is the step correct (Yes/No)? **Yes**") == "yes"
    assert verdict_of("Is the step correct (Yes/No)? Nothing") == ""
