import pytest
from hypothesis import given
from hypothesis import strategies as st

from traces.segmentation.split import SPLITTERS, split_steps


def test_blank_lines_cut_and_indents_stay():
    text = "First line\nsecond\n \t\n  indented\n\n\n\nlast\r\n\r\nend\n"
    assert split_steps(text, "blank-line") == ["First line\nsecond", "  indented", "last", "end"]


def test_a_fenced_block_stays_whole():
    text = "Code:\n\n```python\na = 1\n\nb = 2\n```\n\nDone."
    assert split_steps(text, "blank-line") == ["Code:", "```python\na = 1\n\nb = 2\n```", "Done."]
    unclosed = "Code:\n\n```\na\n\nb"
    assert split_steps(unclosed, "blank-line") == ["Code:", "```\na\n\nb"]


def test_lines_cut_at_each_line():
    assert split_steps("a\n\n  b\nc\n", "line") == ["a", "  b", "c"]


def test_numbers_cut_before_each_numbered_line():
    text = "Plan.\n1. Add.\nThat is 5.\n2) Check.\n10. Done."
    assert split_steps(text, "numbered") == [
        "Plan.",
        "1. Add.\nThat is 5.",
        "2) Check.",
        "10. Done.",
    ]


def test_named_steps_take_the_place_of_plain_numbers():
    text = "**Step 1**: List\n1. a\n2. b\n## Step 2: Sum\nStep 2.1: more\nstep 3 end"
    assert split_steps(text, "numbered") == [
        "**Step 1**: List\n1. a\n2. b",
        "## Step 2: Sum\nStep 2.1: more",
        "step 3 end",
    ]


def test_sentences_cut_but_not_in_formulas_numbers_and_abbreviations():
    text = (
        "It is 2.5 m, e.g. a door. Let $f(x) = 3. 5$ hold! \\(a. b\\) is odd? "
        "By Eq. 3 it is (so.) Done."
    )
    assert split_steps(text, "sentence") == [
        "It is 2.5 m, e.g. a door.",
        "Let $f(x) = 3. 5$ hold!",
        "\\(a. b\\) is odd?",
        "By Eq. 3 it is (so.)",
        "Done.",
    ]


def test_an_unclosed_formula_protects_nothing():
    assert split_steps("It costs $5. Then more.", "sentence") == ["It costs $5.", "Then more."]


def test_a_list_number_is_no_sentence():
    assert split_steps("1. Add. Then stop.\n2. Rest.", "sentence") == [
        "1. Add.",
        "Then stop.",
        "2. Rest.",
    ]


def test_a_marker_cuts_and_falls_away():
    assert split_steps("a <s> b<s><s>c", "marker", "<s>") == ["a", "b", "c"]


@pytest.mark.parametrize("how", SPLITTERS)
@pytest.mark.parametrize("text", ["one", "", " \n\n "])
def test_a_text_without_a_place_to_cut_is_one_step(how, text):
    assert split_steps(text, how, "<s>") == [text]


@pytest.mark.parametrize("how", [how for how in SPLITTERS if how != "marker"])
@given(text=st.text(alphabet="ab1. \n\t$\\()[]`~!Step", max_size=80))
def test_nothing_but_white_space_falls_away(how, text):
    steps = split_steps(text, how)
    assert "".join("".join(steps).split()) == "".join(text.split())
    assert all(step.strip() for step in steps) or steps == [text]


@pytest.mark.parametrize("how", SPLITTERS)
@pytest.mark.parametrize(
    "piece", ["\\[", "$", "```\n", "\n\n", "1. ", "a. ", " ", "\n \n", "Step "]
)
def test_hostile_texts_are_cut_in_one_pass(how, piece):
    text = piece * 100_000
    assert sum(map(len, split_steps(text, how, "<s>"))) <= len(text)
