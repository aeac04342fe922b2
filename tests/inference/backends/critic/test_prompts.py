from collections.abc import Callable
from pathlib import Path

import pytest

from inference.backends.critic.prompts import DEFAULT, check_template, fill_template
from inference.backends.critic.step_tags import tag_steps
from inference.backends.interface import BackendError, TraceText

BRACES = TraceText("Let S = {1, 2}.", ["{x} is {problem}", "\n so \\boxed{3}"])


def test_steps_are_tagged_from_zero():
    assert tag_steps(["a", "b\nc"]) == (
        "<paragraph_0>\na\n</paragraph_0>\n\n<paragraph_1>\nb\nc\n</paragraph_1>"
    )


def test_the_papers_prompt_is_filled_in_as_it_says(shared_data: Callable[[str], Path]):
    template = shared_data("processbench/critique_template.txt").read_text()
    check_template(template)
    prompt = fill_template(template, BRACES)
    before, rest = template.split("{problem}")
    between, after = rest.split("{tagged_response}")
    paragraphs = (
        "<paragraph_0>\n{x} is {problem}\n</paragraph_0>\n\n"
        "<paragraph_1>\n\n so \\boxed{3}\n</paragraph_1>"
    )
    assert prompt == before + BRACES.problem + between + paragraphs + after.replace("{{}}", "{}")


def test_the_own_prompt_has_both_places_the_problem_first_and_what_is_the_same_before_both():
    check_template(DEFAULT)
    prompt = fill_template(DEFAULT, BRACES)
    asked = prompt.index("End with that number alone in \\boxed{}.")
    assert asked < prompt.index(BRACES.problem) < prompt.index("<paragraph_0>")


def test_two_traces_of_a_problem_share_the_beginning_of_their_prompts():
    first, second = (fill_template(DEFAULT, TraceText("What is 1 + 1?", [s])) for s in ("2", "3"))
    assert first.split("<paragraph_0>")[0] == second.split("<paragraph_0>")[0]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{problem} {tagged_response} {answer}", "a place for 'answer'"),
        ("{problem} {tagged_response} {}", "a place for ''"),
        ("{problem} {tagged_response} \\boxed{0}", "a place for '0'"),
        ("{problem.__class__} {tagged_response}", "a place for 'problem.__class__'"),
        ("{problem}", "no place for {tagged_response}"),
        ("{problem} {tagged_response} {", "can't be read as a format string"),
        ("", "no place for {problem}"),
    ],
)
def test_a_template_with_other_places_is_refused(template: str, said: str):
    with pytest.raises(BackendError, match=said):
        check_template(template)


@pytest.mark.parametrize("place", ["{problem!r}", "{problem:>9}", "{problem:{tagged_response}}"])
def test_a_place_is_filled_in_as_it_is_or_refused(place: str):
    with pytest.raises(BackendError):
        check_template(place + "{tagged_response}")
