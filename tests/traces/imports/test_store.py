from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from traces.imports import upsert_sql
from traces.imports.store import Counts, renew_statistics, store
from traces.models import Dataset, Generator, ImportRejection, Problem, Trace, Verdict
from traces.records import LabelRecord, RejectedRow, TraceRecord
from traces.samples import generate

pytestmark = pytest.mark.django_db


def record(id: str = "a", **changes: Any) -> TraceRecord:
    first = TraceRecord(
        problem="What is 2 + 2?",
        steps=["2 + 2 = 5.", "The answer is 5."],
        generator="model-a",
        id=id,
        label=LabelRecord(earliest_error=0),
    )
    return replace(first, **changes)


def counts_of(*rows: TraceRecord | RejectedRow, name: str = "set") -> Counts:
    return store(rows, dataset_name=name).counts


def rejections_of(*rows: TraceRecord | RejectedRow) -> list[tuple[int, str, str]]:
    """Return line, field and reason of the rejections of an import of the rows."""
    from traces.imports.import_job import create_import

    started = create_import(dataset_name="set", source="file.jsonl")
    store(rows, dataset_name="set", import_id=started.pk)
    return list(
        ImportRejection.objects.filter(imported=started)
        .order_by("pk")
        .values_list("line", "field", "reason")
    )


def test_store_writes_problem_generator_trace_and_verdict():
    trace = record(
        subset="easy",
        generator_revision="r1",
        reference_answer="4",
        reference_solution="Count.",
        final_answer="5",
        final_answer_correct=False,
        metadata={"seed": 7},
        label=LabelRecord(0, [-1, None], [0.25, 1.0], "calculation", "It is 4.", "2 + 2 = 4."),
    )
    counts = counts_of(trace)

    stored = Trace.objects.select_related("problem", "generator", "dataset").get()
    assert counts == Counts(rows_read=1, problems_new=1, traces_new=1, labels_new=1)
    assert (stored.dataset.name, stored.external_id, stored.steps) == ("set", "a", trace.steps)
    assert (stored.final_answer, stored.final_answer_correct) == ("5", False)
    assert stored.metadata == {"seed": 7}
    problem = stored.problem
    assert (problem.text, problem.subset) == (trace.problem, "easy")
    assert (problem.reference_answer, problem.reference_solution) == ("4", "Count.")
    assert (stored.generator.name, stored.generator.revision) == ("model-a", "r1")
    verdict = Verdict.objects.get()
    assert verdict.judge.dataset_id == stored.dataset_id
    assert (verdict.earliest_error, verdict.step_labels) == (0, [-1, None])
    assert (verdict.scores, verdict.error_type) == ([0.25, 1.0], "calculation")
    assert (verdict.explanation, verdict.correction) == ("It is 4.", "2 + 2 = 4.")
    assert (verdict.revision, verdict.is_current, verdict.origin) == (1, True, "import")


def test_hashes_are_those_of_the_hashing_module():
    from traces.hashing import problem_hash, trace_hash

    trace = record(steps=["ünd\0er", "x"])
    counts_of(trace)
    stored = Trace.objects.select_related("problem").get()
    assert stored.problem.content_hash == problem_hash(trace.problem)
    assert stored.content_hash == trace_hash(trace.problem, "model-a", "", trace.steps)


def test_storing_again_changes_nothing():
    rows = list(generate(300, 3))
    first = counts_of(*rows)
    before = list(Verdict.objects.order_by("pk").values())
    again = counts_of(*rows)

    assert first.traces_new == 300
    assert first.problems_new == Problem.objects.count()
    assert first.labels_new == len(before)
    assert again == Counts(rows_read=300, traces_known=300)
    assert list(Verdict.objects.order_by("pk").values()) == before


def test_a_trace_without_id_is_named_by_its_content():
    trace = record(id="")
    assert counts_of(trace, trace) == Counts(
        rows_read=2, problems_new=1, traces_new=1, traces_known=1, labels_new=1
    )
    stored = Trace.objects.get()
    assert stored.external_id == stored.content_hash.hex
    # In another subset the same text is another problem, and so another trace.
    assert counts_of(replace(trace, subset="hard")).traces_new == 1


def test_traces_without_generator_have_the_unknown_one():
    counts_of(record(generator=""))
    assert Generator.objects.get().name == "unknown"


def test_a_changed_label_is_a_new_revision():
    counts_of(record())
    changed = counts_of(record(label=LabelRecord(earliest_error=1)))

    assert changed == Counts(rows_read=1, traces_known=1, labels_changed=1)
    verdicts = Verdict.objects.order_by("revision").values_list(
        "revision", "is_current", "earliest_error"
    )
    assert list(verdicts) == [(1, False, 0), (2, True, 1)]


def test_a_label_that_comes_later_is_new():
    counts_of(record(label=None))
    assert counts_of(record()) == Counts(rows_read=1, traces_known=1, labels_new=1)


def test_a_row_without_label_takes_none_away():
    counts_of(record())
    assert counts_of(record(label=None)) == Counts(rows_read=1, traces_known=1)
    assert Verdict.objects.get().is_current


def test_a_label_without_first_error_is_a_verdict_only_where_it_rates_steps():
    counts_of(
        record("silent", label=LabelRecord(None)),
        record("rated", steps=["x"], label=LabelRecord(None, scores=[0.5])),
    )
    verdict = Verdict.objects.get()
    assert verdict.trace.external_id == "rated"
    assert verdict.earliest_error is None
    assert verdict.failure


def test_answers_that_were_missing_are_filled_in_and_others_stay():
    counts_of(record(final_answer="5"))
    known = record(final_answer="6", final_answer_correct=False, reference_answer="4")
    assert counts_of(known) == Counts(rows_read=1, traces_known=1)
    stored = Trace.objects.select_related("problem").get()
    assert (stored.final_answer, stored.final_answer_correct) == ("5", False)
    assert stored.problem.reference_answer == "4"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"steps": ["2 + 2 = 4."], "label": None}, "other steps"),
        ({"problem": "What is 3 + 2?"}, "another problem"),
        ({"generator": "model-b"}, "another generator"),
        ({"subset": "hard"}, "another subset"),
    ],
)
def test_the_same_id_with_other_content_is_refused(changes: dict[str, Any], named: str):
    counts_of(record())
    line, field, reason = rejections_of(record(line=12, **changes))[0]
    assert (line, field) == (12, "id")
    assert named in reason
    assert "another dataset" in reason
    assert Trace.objects.get().steps == record().steps
    assert (Problem.objects.count(), Generator.objects.count()) == (1, 1)


def test_one_id_twice_in_a_file_refuses_the_second():
    refused = rejections_of(record(line=3), record(line=8, steps=["Other."], label=None))
    assert [(line, field) for line, field, _ in refused] == [(8, "id")]
    assert "line 3" in refused[0][2]
    assert Trace.objects.get().steps == record().steps


def test_a_refused_row_leaves_no_problem_and_one_that_follows_still_finds_its_text():
    other = record(problem="What is 9 + 9?", steps=["18."], label=None)
    counts = counts_of(record(), other, replace(other, id="b"))
    assert (counts.traces_new, counts.rejected, counts.problems_new) == (2, 1, 2)
    assert Trace.objects.get(external_id="b").problem.text == "What is 9 + 9?"


def test_one_trace_twice_with_two_labels_refuses_the_second():
    rows = [record(label=None), record(), record(label=LabelRecord(earliest_error=1))]
    refused = rejections_of(*rows)
    assert [(line, field) for line, field, _ in refused] == [(3, "label")]
    assert Verdict.objects.get().earliest_error == 0
    assert counts_of(*rows) == Counts(rows_read=3, traces_known=2, rejected=1)


def test_the_same_content_under_another_id_is_stored_and_counted():
    counts = counts_of(record("a"), record("b"), record("c", steps=["Other."], label=None))
    assert (counts.traces_new, counts.traces_duplicate) == (3, 1)
    assert counts_of(record("d")).traces_duplicate == 1
    assert counts_of(record("a"), name="another").traces_duplicate == 0


def test_text_comes_back_byte_for_byte():
    text = "a\0b \U0010ffff \r\n\t 数学 \U0010ffff0 é"
    counts_of(
        record(
            problem=text,
            steps=[text, ""],
            final_answer=text,
            reference_answer=text,
            metadata={"zero": text},
            label=LabelRecord(0, explanation=text, correction=text),
        )
    )
    stored = Trace.objects.select_related("problem").get()
    verdict = Verdict.objects.get()
    assert stored.steps == [text, ""]
    assert {stored.problem.text, stored.final_answer, stored.problem.reference_answer} == {text}
    assert {verdict.explanation, verdict.correction} == {text}
    assert "zero" in stored.metadata


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"steps": []}, "steps", "empty"),
        ({"steps": ["x"] * 32_768}, "steps", "32768"),
        ({"problem": ""}, "problem", "empty"),
        ({"label": LabelRecord(2)}, "label", "0 to 1"),
        ({"label": LabelRecord(0, step_labels=[1])}, "step_labels", "1 entries for 2 steps"),
        ({"label": LabelRecord(0, scores=[0.1] * 3)}, "scores", "3 entries for 2 steps"),
        ({"subset": "x" * 501}, "subset", "501"),
        ({"generator": "a\0"}, "generator", "U+0000"),
        ({"problem": "half \ud800"}, "text", "surrogate"),
    ],
)
def test_a_row_that_can_not_be_stored_is_refused_alone(
    changes: dict[str, Any], field: str, word: str
):
    refused = rejections_of(record("good"), record("bad", **changes), record("fine"))
    assert [(line, found) for line, found, _ in refused] == [(2, field)]
    assert word in refused[0][2]
    assert set(Trace.objects.values_list("external_id", flat=True)) == {"good", "fine"}


def test_rows_that_could_not_be_read_are_written_down():
    row = RejectedRow(7, "steps[1]", "is no text \0 \ud800", excerpt='{"steps": 1}')
    assert rejections_of(row, record()) == [(7, "steps[1]", "is no text ␀ ?")]
    assert Trace.objects.count() == 1


def test_storing_fails_as_a_whole():
    def broken() -> Any:
        yield record()
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        store(broken(), dataset_name="set")
    assert not Dataset.objects.exists()


def test_every_column_of_a_sample_comes_back():
    rows = list(generate(40, 9))
    counts_of(*rows)
    for row in rows:
        stored = Trace.objects.select_related("problem", "generator").get(external_id=row.id)
        assert (stored.steps, stored.problem.text) == (row.steps, row.problem)
        assert stored.generator.name == row.generator
        assert stored.final_answer_correct == row.final_answer_correct
        if row.label and row.label.earliest_error is not None:
            verdict = Verdict.objects.get(trace=stored)
            kept = asdict(row.label)
            assert {name: getattr(verdict, name) for name in kept} == kept


def plan_of(statement: str) -> str:
    """Return the plan of the statement on the rows that the last import staged."""
    ids = {"dataset": Dataset.objects.latest("pk").pk, "import": None, "judge": 0}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement, ids)
        return "\n".join(line for (line,) in cursor.fetchall())


LOOKUPS = [
    upsert_sql.FATE.replace("TABLE fate", "TABLE another"),
    upsert_sql.COUNT_DUPLICATES,
    upsert_sql.TRACES,
    upsert_sql.COMPLETE_PROBLEMS,
    upsert_sql.COMPLETE_TRACES,
    upsert_sql.RETIRE_VERDICTS,
    upsert_sql.VERDICTS_OF_KNOWN,
]


def test_one_trace_into_many_reads_no_table_from_end_to_end():
    counts = store(generate(12_000, 5), dataset_name="set").counts
    renew_statistics(counts)
    store([record()], dataset_name="set")
    for statement in LOOKUPS:
        for table in ("traces_trace", "traces_problem", "traces_verdict"):
            assert f"Seq Scan on {table}" not in plan_of(statement)


def test_a_dataset_that_the_statistics_do_not_know_is_not_read_for_each_row():
    renew_statistics(store(generate(12_000, 5), dataset_name="known").counts)
    store(generate(2_000, 6), dataset_name="new")
    for statement in LOOKUPS:
        plan = plan_of(statement)
        assert "problem_by_subset" not in plan
        assert "trace_in_order" not in plan
        assert "trace_by_generator" not in plan


def test_created_at_is_the_time_of_the_import():
    counts_of(record())
    trace = Trace.objects.get()
    assert abs(trace.created_at - Verdict.objects.get().created_at) < timedelta(seconds=1)
