"""Out as a recipe and in again through the importer: what the format can carry is the same."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from exports.storage.export_store import folder_of
from tests.exports.exported import make_export, rows_of
from tests.factories import label, make_dataset, make_trace
from traces.formats.contract import ReadOptions
from traces.imports.import_job import create_import, run_import
from traces.models import Dataset, Import, Verdict

pytestmark = pytest.mark.django_db(transaction=True)

LAYOUTS = [{}, {"compression": "none"}, {"file_format": "parquet"}]


def imported(
    source: Path, format_name: str, *, rejected: int = 0, options: ReadOptions | None = None
) -> Dataset:
    started = create_import(
        dataset_name=f"back-{Import.objects.count()}",
        source=str(source),
        format=format_name,
        options=options,
    )
    run_import(started.pk)
    started.refresh_from_db()
    assert started.status == "finished", started.error
    assert started.rejected == rejected
    assert started.dataset is not None
    return started.dataset


def carried(dataset: Dataset, *fields: str) -> list[tuple[Any, ...]]:
    """Return these fields and the first wrong step of each labelled trace, in row order."""
    verdicts = Verdict.objects.filter(trace__dataset=dataset).order_by("trace_id")
    return list(verdicts.values_list("trace__problem__text", "trace__steps", *fields))


def make_hostile() -> Dataset:
    dataset = make_dataset()
    texts = ["2 \\cdot 3 = 6\0", "<b>\u202e</b>\r\n", 'a,b\t"c"\'', "\U0001f600 é ẞ \ufeff"]
    for number, error in enumerate((-1, 0, 2, 3)):
        trace = make_trace(
            dataset,
            problem=f"What?\n\n{texts[number]}",
            steps=texts,
            subset="odd",
            external_id=f"odd-{number}",
            final_answer_correct=[True, False, None, False][number],
        )
        label(trace, error)
    return dataset


@pytest.mark.parametrize("layout", LAYOUTS)
def test_processbench_comes_back_whole(layout: dict):
    dataset = make_hostile()
    export = make_export(dataset, "processbench", layout=layout)
    back = imported(folder_of(export) / "data", "processbench")
    fields = (
        *("earliest_error", "trace__external_id", "trace__problem__subset"),
        *("trace__generator__name", "trace__final_answer_correct"),
    )
    assert carried(back, *fields) == carried(dataset, *fields)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_stepwise_supervision_comes_back_with_its_labels(layout: dict):
    dataset = make_hostile()
    export = make_export(dataset, "prm", layout=layout, after_first_error="wrong")
    back = imported(folder_of(export) / "data", "trl-stepwise")
    fields = ("earliest_error", "trace__external_id")
    assert carried(back, *fields) == carried(dataset, *fields)


def test_stepwise_supervision_comes_back_with_labels_after_the_error():
    dataset = make_dataset()
    verdict = label(make_trace(dataset, steps=["a", "b", "c", "d"]), 1)
    Verdict.objects.filter(pk=verdict.pk).update(step_labels=[1, -1, 1, -1])
    export = make_export(dataset, "prm", after_first_error="as-labelled")
    back = imported(folder_of(export) / "data", "trl-stepwise")
    assert carried(back, "step_labels") == carried(dataset, "step_labels")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_prm800k_comes_back_with_ratings_and_the_steps_after_the_error(layout: dict):
    dataset = make_hostile()
    first, *_ = Verdict.objects.filter(trace__dataset=dataset).order_by("pk")
    Verdict.objects.filter(pk=first.pk).update(step_labels=[1, 0, 1, 0])
    export = make_export(dataset, "prm800k", layout=layout)
    back = imported(folder_of(export) / "data", "prm800k")
    assert carried(back, "earliest_error") == carried(dataset, "earliest_error")
    found = Verdict.objects.filter(trace__dataset=back).order_by("trace_id").first()
    assert found is not None
    assert found.step_labels == [1, 0, 1, 0]


def test_prm800ks_own_records_come_back_as_they_were(shared_data):
    source = shared_data("native_samples/samples_prm800k.jsonl")
    # Two of the records are such as the authors set aside.
    dataset = imported(source, "prm800k", rejected=2)
    export = make_export(dataset, "prm800k")
    own = {
        (row["labeler"], row["timestamp"]): row
        for row in map(orjson.loads, source.read_bytes().splitlines())
    }
    rows = [row for split in export.manifest["splits"] for row in rows_of(export, split)]
    assert rows
    for row in rows:
        before = own[(row["labeler"], row["timestamp"])]
        assert row["label"] == before["label"]
        assert row["question"]["problem"] == before["question"]["problem"]
        assert row["generation"] == before["generation"]
    back = imported(folder_of(export) / "data", "prm800k")
    labelled = Verdict.objects.filter(trace__dataset=dataset, earliest_error__isnull=False)
    assert len(carried(back)) == labelled.count()
    fields = ("earliest_error", "step_labels", "trace__external_id")
    kept = set(labelled.values_list("trace__external_id", flat=True))
    before_rows = [row for row in carried(dataset, *fields) if row[-1] in kept]
    assert carried(back, *fields) == before_rows


@pytest.mark.parametrize("recipe", ["sft", "retry"])
def test_chats_come_back_with_their_problem_and_steps(recipe: str):
    dataset = make_dataset()
    steps = ["First.", "Second."]
    label(make_trace(dataset, problem="Why?", steps=steps), -1)
    label(make_trace(dataset, problem="Why?", steps=["No."]), 0)
    options = {"shape": "chat"} if recipe == "sft" else {}
    export = make_export(dataset, recipe, **options)
    back = imported(folder_of(export) / "data", "chat")
    (trace,) = back.traces.select_related("problem")
    assert trace.problem.text == "Why?"
    assert (trace.steps == steps) if recipe == "sft" else trace.steps[-1] == "First.\n\nSecond."


def test_rationales_come_back_with_label_kind_reason_and_correction():
    dataset = make_dataset()
    steps = ["2 + 2 = 4.", "4 + 1 = 6.", "It is 6."]
    label(make_trace(dataset, problem="Sum?", steps=["It is 5."]), -1)
    label(
        make_trace(dataset, problem="Sum?", steps=steps),
        1,
        error_type="numeric",
        explanation="It is 5.",
        correction="4 + 1 = 5.",
    )
    export = make_export(dataset, "mistake-tuning")
    mapping = {
        "problem": "question",
        "text": "rationale",
        "label": "first_error_step",
        "explanation": "error_cause",
    }
    options = ReadOptions(mapping=mapping)
    back = imported(folder_of(export) / "data", "general", options=options)
    fields = ("earliest_error", "error_type", "explanation", "correction")
    assert carried(back, *fields) == carried(dataset, *fields)
