import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal


def test_assistant_messages_are_the_steps_with_their_replies():
    record = read_one("agentprocessbench", row_of("agentprocessbench"))
    assert record.problem == "Who found the marble?"
    assert record.steps == [
        '[tool call: search]\n{"q": "marble"}\n\n[tool result: search]\nAnn found it.',
        "I wonder.\n\n[user]\nGo on.",
        "It was Bob.",
    ]
    assert record.metadata["message_indices"] == [2, 4, 6]
    assert record.metadata["system"] == "Be kind."


def test_labels_follow_their_messages():
    record = read_one("agentprocessbench", row_of("agentprocessbench"))
    assert record.label.step_labels == [1, 0, -1]
    assert record.label.earliest_error == 2
    assert (record.id, record.subset) == ("toy_search/3", "toy_search")
    assert (record.reference_answer, record.final_answer) == ("Ann", "Bob")
    assert record.final_answer_correct is False


def test_messages_without_a_label_stay_unlabelled():
    row = row_of("agentprocessbench", step_labels={"6": 1, "4": None}, final_label=1)
    record = read_one("agentprocessbench", row)
    assert record.label.step_labels == [None, None, 1]
    assert record.label.earliest_error == -1
    assert record.final_answer_correct is True


@pytest.mark.parametrize(
    ("labels", "field"),
    [({"3": 1}, "step_labels.3"), ({"x": 1}, "step_labels.x"), ({"2": 5}, "step_labels.2")],
)
def test_labels_of_no_step_are_refused(labels, field):
    assert refusal("agentprocessbench", row_of("agentprocessbench", step_labels=labels)).field == (
        field
    )


def test_several_right_answers_stay_in_the_metadata():
    truth = {"target": ["Ann", "Anna"]}
    record = read_one("agentprocessbench", row_of("agentprocessbench", ground_truth=truth))
    assert record.reference_answer is None
    assert record.metadata["ground_truth"] == truth
