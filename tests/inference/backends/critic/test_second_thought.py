"""A critic that is asked whether its review makes a known mistake, and reviews again if so."""

from collections.abc import Callable
from typing import Any

import pytest

from inference.backends.critic.options import critic_parameters
from inference.backends.critic.second_thought import AGAIN, MISTAKES, admits_mistake
from inference.backends.interface import BackendError, Recipe
from tests.inference.backends.chat.asking import TRACE, critic
from tests.openai_server import Answer, completion, serving

pytestmark = pytest.mark.usefixtures("reachable")


def thinker(reviews: list[str], checks: list[str]) -> Callable[[dict[str, Any]], Answer]:
    """Answers a review or a check by the length of the conversation."""

    def reply(asked: dict[str, Any]) -> Answer:
        turn = len(asked["messages"]) // 2  # review, check, review, check, ...
        return completion((checks if turn % 2 else reviews)[turn // 2])

    return reply


def rethink(reviews: list[str], checks: list[str], **parameters: Any) -> tuple:
    with serving(thinker(reviews, checks)) as server:
        (finding,) = critic(server, **parameters).judge([TRACE])
    return finding, server.asked


def test_a_confirmed_review_is_kept():
    finding, asked = rethink(["\\boxed{1}"], ["All well. \\boxed{No}"], rethink=3)
    assert finding.earliest_error == 1
    assert [(o.part, o.label) for o in finding.outputs] == [("review 1", "1"), ("check 1", "no")]
    question, review, check = asked[1]["messages"]
    assert question == asked[0]["messages"][0]
    assert review == {"role": "assistant", "content": "\\boxed{1}"}
    assert MISTAKES in check["content"]
    assert finding.tokens == 214


def test_a_review_that_is_taken_back_is_written_again():
    reviews, checks = ["\\boxed{2}", "\\boxed{1}"], ["\\boxed{Yes}", "\\boxed{No}"]
    finding, asked = rethink(reviews, checks, rethink=2)
    assert finding.earliest_error == 1
    assert [output.part for output in finding.outputs] == [
        "review 1", "check 1", "review 2", "check 2",
    ]  # fmt: skip
    assert asked[2]["messages"][-1] == {"role": "user", "content": AGAIN}


def test_rethinking_ends_after_its_number_of_times():
    reviews, checks = ["\\boxed{2}", "\\boxed{1}", "\\boxed{0}"], ["\\boxed{yes}"] * 3
    for times, expected in [(1, 1), (2, 0)]:
        finding, asked = rethink(reviews, checks, rethink=times)
        assert finding.earliest_error == expected
        assert len(asked) == 2 * times + 1


def test_every_sample_rethinks_with_a_seed_of_its_own():
    finding, asked = rethink(["\\boxed{1}"], ["\\boxed{No}"], rethink=1, samples=3, temperature=1.0)
    assert finding.confidence == 1.0
    assert sorted(body["seed"] for body in asked) == [42, 42, 43, 43, 44, 44]
    assert [output.sample for output in finding.outputs] == [0, 0, 1, 1, 2, 2]


def test_the_list_of_mistakes_is_part_of_the_recipe():
    given = {"endpoint": "http://host:8000/v1", "rethink": 1}
    assert critic_parameters(Recipe("critic", "m", parameters=given))["mistakes"] == MISTAKES
    own = critic_parameters(Recipe("critic", "m", parameters=given | {"mistakes": "Haste."}))
    assert own["mistakes"] == "Haste."
    with pytest.raises(BackendError, match="set rethink to 1 or more"):
        critic_parameters(Recipe("critic", "m", parameters=given | {"rethink": 0, "mistakes": "x"}))


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("\\boxed{Yes}", True), ("\\boxed{ \\text{YES} }", True), ("\\boxed{yes.}", True),
        ("\\boxed{Yes} no, \\boxed{No}", False), ("yes", False), ("\\boxed{Yesterday}", False),
    ],
)  # fmt: skip
def test_only_a_boxed_yes_admits(text: str, yes: bool):
    assert admits_mistake(text) is yes
