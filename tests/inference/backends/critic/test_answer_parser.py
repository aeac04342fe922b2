"""The paper's reading against a script written out here, and the tolerant one."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.backends.critic.answer_parser import paper_answer, parse_number, tolerant_answer
from inference.backends.critic.vote import vote

# text, what the paper's script reads, what the tolerant reading reads
READINGS = [
    (r"So \boxed{3}.", 3, 3),
    (r"\boxed{1} then \boxed{2}", 2, 2),
    (r"\boxed{ -1 }", -1, -1),
    (r"\boxed{\text{-1}}", None, -1),
    (r"\boxed{\text{Paragraph 3}}", None, 3),
    (r"\boxed{paragraph_4}", None, 4),
    (r"\boxed{paragraph-4}", None, 4),
    (r"\boxed{-1 (not found)}", None, -1),
    (r"\boxed{−1}", None, -1),
    (r"\boxed{None}", None, -1),
    (r"\boxed{$2$}", None, 2),
    (r"\boxed{2.}", None, 2),
    (r"\boxed{+2}", 2, 2),
    (r"\boxed{1_0}", 10, 10),
    (r"\boxed{٣}", 3, 3),
    (r"\boxed{3.5}", None, None),
    (r"\boxed{1, 2}", None, None),
    (r"\boxed{\frac{1}{2}}", None, None),
    (r"\boxed {2}", None, 2),
    (r"\boxed{}", None, None),
    (r"\boxed{3", None, None),
    ("the answer is 3", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("text", "paper", "tolerant"), READINGS)
def test_two_readings_of_one_text(text: str, paper: int | None, tolerant: int | None):
    assert parse_number(paper_answer(text)) == paper
    assert parse_number(tolerant_answer(text)) == tolerant


def test_a_model_that_only_opens_boxes_is_read_once():
    assert paper_answer("\\boxed{" * 200_000) is None
    assert tolerant_answer("\\boxed{" * 200_000) is None


def by_the_rules(texts: list[str]) -> int | None:
    """Majority voting as ProcessBench describes it, step by step."""
    found = []
    for text in texts:
        boxes = re.compile(r"\\boxed\{([^}]*)\}").findall(text)
        if len(boxes) > 0:
            found.append(boxes[len(boxes) - 1].strip())
    if len(found) == 0:
        return None
    try:
        return int(Counter(found).most_common(1)[0][0])
    except ValueError:
        return None


pieces = st.sampled_from(
    [
        "\\boxed{1}",
        "\\boxed{ 1}",
        "\\boxed{01}",
        "\\boxed{\\text{1}}",
        "\\boxed{",
        "}",
        "-1",
        "two ",
    ]
)
texts = st.lists(st.lists(pieces, max_size=4).map("".join), max_size=9)


@given(texts)
def test_voting_follows_the_papers_rules(samples: list[str]):
    assert parse_number(vote([paper_answer(text) for text in samples]).answer) == by_the_rules(
        samples
    )


@pytest.mark.parametrize(
    ("answers", "answer", "share"),
    [
        (["2", "3", "3", "2"], "2", 0.5),  # a tie goes to the first seen
        (["3", "2", "2", "3"], "3", 0.5),
        ([None, None, "1", None], "1", 0.25),  # those without an answer abstain, and count
        (["1", "01", "01"], "01", 2 / 3),  # strings are counted, not numbers
        (["\\text{-1", "\\text{-1", "0"], "\\text{-1", 2 / 3),
        ([None, None], None, 0.0),
        ([], None, 0.0),
    ],
)
def test_a_vote_has_a_winner_and_its_share(
    answers: list[str | None], answer: str | None, share: float
):
    voted = vote(answers)
    assert (voted.answer, voted.share) == (answer, pytest.approx(share))
