"""Every public file, imported and compared with its content."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.traces.imports.test_import_job import imported
from traces.formats.format_reader import read_rows
from traces.models import Import, Problem, Trace, Verdict
from traces.records import TraceRecord


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["gsm8k", "math"])
def test_processbench_is_stored_as_its_file_says(shared_data: Callable[[str], Path], name: str):
    path = shared_data(f"processbench/{name}.json")
    raw = {row["id"]: row for row in json.loads(path.read_text())}
    done = imported(path)
    stored = {t.external_id: t for t in Trace.objects.select_related("problem", "generator")}
    labels = dict(Verdict.objects.values_list("trace__external_id", "earliest_error"))
    assert (done.traces_new, done.rejected, set(stored)) == (len(raw), 0, set(raw))
    assert labels == {key: row["label"] for key, row in raw.items()}
    for key, row in raw.items():
        trace = stored[key]
        assert trace.steps == row["steps"]
        assert trace.problem.text == row["problem"]
        assert trace.generator.name == row["generator"]
        assert trace.final_answer_correct == row["final_answer_correct"]
    assert Problem.objects.count() == len({row["problem"] for row in raw.values()})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "dyck_languages",
        "logical_deduction",
        "multistep_arithmetic",
        "tracking_shuffled_objects",
        "word_sorting",
    ],
)
def test_bigbench_mistake_keeps_every_label(shared_data: Callable[[str], Path], name: str):
    path = shared_data(f"bigbench_mistake/{name}.jsonl")
    raw = [json.loads(line) for line in path.read_text().splitlines()]
    done = imported(path)
    assert done.rows_read == len(raw)
    assert done.rejected == 0
    expected = Counter(-1 if row["mistake_index"] is None else row["mistake_index"] for row in raw)
    stored = Counter(Verdict.objects.values_list("earliest_error", flat=True))
    # Two rows may be the same trace; such a one is stored once.
    assert done.traces_known == sum(expected.values()) - sum(stored.values())
    assert not stored - expected


OTHERS = [
    "agentprocessbench/hotpotqa.jsonl",
    "mr_ben/biology.json",
    "mr_ben/math.json",
    "mr_gsm8k/mr_gsm8k_partial_unique.json",
    "mr_ben/k_shot_demo.json",
    "prmbench/circular.jsonl",
    "prmbench/confidence.jsonl",
    "prmbench/counterfactual.jsonl",
    "prmbench/deception.jsonl",
    "prmbench/domain_inconsistency.jsonl",
    "prmbench/missing_condition.jsonl",
    "prmbench/multi_solutions.jsonl",
    "prmbench/redundency.jsonl",
    "prmbench/step_contradiction.jsonl",
    "native_samples/Deltabench_v1_examples.jsonl",
    "native_samples/samples_math-aps.jsonl",
    "native_samples/samples_math-shepherd.jsonl",
    "native_samples/samples_prm800k.jsonl",
    "native_samples/versaprm_prm800k_phase2_eval_small.json",
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", OTHERS)
def test_a_public_file_is_stored_as_it_is_read(shared_data: Callable[[str], Path], name: str):
    path = shared_data(name)
    records = [row for row in read_rows(path) if isinstance(row, TraceRecord)]
    done = imported(path)
    assert done.status == Import.Status.FINISHED
    assert done.traces_new + done.traces_known + done.rejected == done.rows_read
    assert done.traces_new == Trace.objects.count() > 0
    texts = {(t.problem.text, *t.steps) for t in Trace.objects.select_related("problem")}
    assert texts == {(row.problem, *row.steps) for row in records}
    # tests/traces/formats/test_public_data.py holds the readers' labels against the raw files.
    verdicts = Verdict.objects.filter(failure="").select_related("trace__problem")
    labels = {(v.trace.problem.text, *v.trace.steps, v.earliest_error) for v in verdicts}
    assert labels == {
        (row.problem, *row.steps, row.label.earliest_error)
        for row in records
        if row.label and row.label.earliest_error is not None
    }

    again = imported(path)
    assert again.traces_known == done.traces_new + done.traces_known
    assert [again.traces_new, again.problems_new, again.labels_new, again.labels_changed] == [0] * 4
