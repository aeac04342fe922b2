from tests.exports.recipes.attempts import made, right, wrong


def test_a_wrong_trace_ends_at_its_error_with_the_correction_next_to_it():
    (row,) = made("prm800k", wrong(step_labels=None))
    steps = row["label"]["steps"]
    assert [[c["rating"] for c in step["completions"]] for step in steps] == [[1], [-1, 1]]
    assert [step["chosen_completion"] for step in steps] == [0, None]
    assert row["label"]["finish_reason"] == "found_error"
    assert row["question"]["pre_generated_steps"] == wrong().steps


def test_steps_labelled_after_the_error_stay():
    labelled = wrong(steps=["a", "b", "c", "d"], earliest_error=0, step_labels=[-1, None, 1, None])
    (row,) = made("prm800k", labelled)
    ratings = [step["completions"][0]["rating"] for step in row["label"]["steps"]]
    assert ratings == [-1, None, 1]


def test_a_right_trace_is_rated_to_its_end():
    (row,) = made("prm800k", right(step_labels=[0, 1]))
    ratings = [step["completions"][0]["rating"] for step in row["label"]["steps"]]
    assert ratings == [0, 1]
    assert row["label"]["finish_reason"] == "solution"


def test_a_record_of_prm800k_goes_out_as_it_came_in():
    label = {"steps": [], "total_time": 5, "finish_reason": "solution"}
    own = {"labeler": "u", "timestamp": "2022", "generation": 4, "label": label}
    (row,) = made("prm800k", right(metadata=own))
    assert row["label"] == label
    assert (row["labeler"], row["timestamp"], row["generation"]) == ("u", "2022", 4)
    (row,) = made("prm800k", right(metadata=own, judge_kind="human"))
    assert len(row["label"]["steps"]) == 2


def test_a_record_that_somebody_else_labelled_names_them():
    own = {"labeler": "u", "timestamp": "2022", "generation": 4, "label": {"steps": []}}
    (row,) = made("prm800k", right(metadata=own, judge_kind="human", judge_id=9))
    assert (row["labeler"], row["timestamp"], row["generation"]) == ("judge-9", None, None)
    (row,) = made("prm800k", right(metadata={"labeler": 3}, judge_kind="reference", judge_id=9))
    assert row["labeler"] == "judge-9"
