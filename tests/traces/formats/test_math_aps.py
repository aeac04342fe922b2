import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read, refusal


def test_each_end_of_a_branch_is_a_trace_of_differences():
    right, wrong = read("math-aps", row_of("math-aps"))
    assert right.steps == ["\nAdd.", "\nIt is 5."]
    assert wrong.steps == ["\nAdd.", "\nIt is 6."]
    assert right.problem + "".join(right.steps) == "What is 2 + 3?\nAdd.\nIt is 5."
    assert right.label.scores == [0.75, 1.0]
    assert (right.label.earliest_error, wrong.label.earliest_error) == (-1, 1)
    assert right.reference_answer == "5"
    assert len({right.id, wrong.id}) == 2


def test_a_tree_of_many_branches_gives_its_ends():
    question = "Q?"
    nodes = [
        {"solution_prefix": question + "a" * i + tail, "mc_value": 1}
        for i in range(300)
        for tail in ("b", "")
    ]
    records = read("math-aps", row_of("math-aps", question=question, reasoning_steps=nodes))
    # One end for each "b"; each run of "a" goes on in the next.
    assert len(records) == 300
    assert max(len(record.steps) for record in records) == 300


@pytest.mark.parametrize(
    ("node", "field"),
    [
        ({"solution_prefix": "Another question", "mc_value": 1}, "solution_prefix"),
        ({"solution_prefix": "What is 2 + 3? x", "mc_value": 2}, "mc_value"),
        ({"solution_prefix": "What is 2 + 3? x", "mc_value": None}, "mc_value"),
        ({"solution_prefix": "What is 2 + 3? x", "mc_value": True}, "mc_value"),
    ],
)
def test_a_bad_node_is_rejected_with_its_place(node, field):
    row = row_of("math-aps", reasoning_steps=[node])
    assert refusal("math-aps", row).field == f"reasoning_steps[0].{field}"


def test_a_tree_of_the_question_alone_is_refused():
    nodes = [{"solution_prefix": "What is 2 + 3?", "mc_value": 1}]
    error = refusal("math-aps", row_of("math-aps", reasoning_steps=nodes))
    assert "no prefix that goes beyond the question" in error.reason
