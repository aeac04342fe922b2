from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read, read_one, refusal


def test_a_chain_becomes_a_trace_with_alternatives_in_its_metadata():
    record = read_one("versaprm", row_of("versaprm"))
    assert record.steps == ["Add.", "Think."]
    assert record.label.earliest_error == -1
    assert record.label.step_labels == [1, 0]
    assert (record.subset, record.reference_solution) == ("toys", "2 + 3 = 5")
    assert len(record.metadata["alternatives"]) == 2
    assert record.metadata["source"] == "toys_test"


def test_neutral_steps_can_count_as_wrong():
    assert read_one("versaprm", row_of("versaprm"), neutral="negative").label.earliest_error == 1


def test_alternatives_are_traces_of_their_own():
    _, wrong, right = read("versaprm", row_of("versaprm", id="v"), alternatives=True)
    assert wrong.steps == ["Add.", "Think.", "It is 6."]
    assert wrong.label.earliest_error == 2
    assert right.steps == ["Add.", "It is 5."]
    assert right.label.step_labels == [1, 1]
    assert (wrong.id, right.id) == ("v/0/0", "v/0/1")


def test_bad_chains_are_refused_where_they_stand():
    row = row_of("versaprm")
    row["chain_of_thoughts"][0]["labels"] = [1]
    assert "1 entries for 2 steps" in refusal("versaprm", row).reason
    row["chain_of_thoughts"][0]["labels"] = [1, 7]
    assert refusal("versaprm", row).field == "chain_of_thoughts[0].labels[1]"
    row = row_of("versaprm")
    row["chain_of_thoughts"][0]["augs"][0]["aug_idx"] = 3
    error = refusal("versaprm", row, alternatives=True)
    assert error.field == "chain_of_thoughts[0].augs[0].aug_idx"
    assert (
        refusal("versaprm", row_of("versaprm", chain_of_thoughts=[])).field == "chain_of_thoughts"
    )
