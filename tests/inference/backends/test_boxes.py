"""The last box that is closed, against a reading of each box by itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.backends.boxes import last_box

BOX = re.compile(r"\\boxed\s*\{")
MANY = 200_000  # read box by box they would take hours

pieces = st.sampled_from(["\\boxed{", "\\boxed {", "{", "}", "x", "\\text{1}"])


def box_by_box(text: str) -> str | None:
    for opening in reversed(list(BOX.finditer(text))):
        depth = 1
        for place in range(opening.end(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[place], 0)
            if not depth:
                return text[opening.end() : place]
    return None


@given(st.lists(pieces, max_size=12).map("".join))
def test_the_last_closed_box_is_found(text: str):
    assert last_box(text, BOX) == box_by_box(text)


@pytest.mark.parametrize(
    ("text", "inside"),
    [("\\boxed{" * MANY, None), ("\\boxed{" * MANY + "}", ""), ("\\boxed{3}" * MANY, "3")],
)
def test_a_text_of_nothing_but_boxes_is_read_once(text: str, inside: str | None):
    assert last_box(text, BOX) == inside
