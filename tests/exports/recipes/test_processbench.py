"""ProcessBench: one object a trace."""

from tests.exports.recipes.attempts import made, right, sources, wrong


def test_a_row_has_the_benchmarks_keys_and_the_label_that_counts():
    good, bad = right(final_answer_correct=None), wrong()
    rows = made("processbench", good, bad)
    assert [row["label"] for row in rows] == [-1, 1]
    assert rows[0] == {
        "id": good.external_id,
        "generator": "some-model",
        "problem": good.problem,
        "steps": good.steps,
        "final_answer_correct": None,
        "label": -1,
    }
    assert sources("processbench", good, bad) == [[good.trace_id], [bad.trace_id]]
