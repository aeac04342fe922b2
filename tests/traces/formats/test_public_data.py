"""Every row of the public datasets, compared with a plain parser of the same files."""

import json
import re
from collections import Counter

import pytest

from traces.containers import rows as placed_rows
from traces.formats import FORMATS, ReadOptions
from traces.formats.format_reader import detect_file, read_rows
from traces.records import RejectedRow, TraceRecord


def plain_rows(path):
    text = path.read_text()
    if path.suffix == ".json":
        return json.loads(text)
    return [json.loads(line) for line in text.split("\n") if line]


def traces_of(path, **options):
    records = list(read_rows(path, None, ReadOptions(**options)))
    refused = [record for record in records if isinstance(record, RejectedRow)]
    assert refused == []
    assert all(len(record.steps) >= 1 and record.problem for record in records)
    ids = [record.id for record in records if record.id]
    assert len(ids) in (0, len(records))
    return records


def earliest(records):
    return [record.label.earliest_error for record in records]


@pytest.mark.parametrize(("subset", "count", "wrong"), [("gsm8k", 400, 207), ("math", 1000, 594)])
def test_processbench(shared_data, subset, count, wrong):
    path = shared_data(f"processbench/{subset}.json")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "processbench"
    assert len(records) == count
    assert sum(label >= 0 for label in earliest(records)) == wrong
    assert earliest(records) == [row["label"] for row in rows]
    assert [record.steps for record in records] == [row["steps"] for row in rows]
    assert [record.problem for record in records] == [row["problem"] for row in rows]
    assert [record.id for record in records] == [row["id"] for row in rows]
    assert {record.subset for record in records} == {subset}
    assert [record.generator for record in records] == [row["generator"] for row in rows]
    assert [record.line for record in records] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("name", "count", "wrong"),
    [("math", 918, 769), ("biology", 1035, 418), ("k_shot_demo", 33, 19)],
)
def test_mr_ben(shared_data, name, count, wrong):
    path = shared_data(f"mr_ben/{name}.json")
    rows = [row for solutions in plain_rows(path).values() for row in solutions]
    records = traces_of(path)
    assert detect_file(path) == "mr-ben"
    assert len(records) == len({record.id for record in records}) == count
    assert sum(label >= 0 for label in earliest(records)) == wrong
    for row, record in zip(rows, records, strict=True):
        whole = "\n".join(row.get("Model_Solution_Steps") or [row.get("Solution", "")])
        assert "\n".join(record.steps) == whole
        label = row["Model_Solution_First_Error_Step"]
        assert (record.label.earliest_error == -1) == (label == "N/A")
        if label.isdecimal() and len(re.findall(rf"(?m)^\W*Step {label}\b", whole)) == 1:
            named = record.steps[record.label.earliest_error]
            assert re.search(rf"(?m)^\W*Step {label}\b", named)
        assert row["Question"] in record.problem
        assert row.get("Options", "") in record.problem


def test_mr_ben_labels_keep_their_number(shared_data):
    """Gathered into the steps that a solution names, the label is its own place."""
    moved = []
    for name in ("math", "biology"):
        path = shared_data(f"mr_ben/{name}.json")
        rows = [row for solutions in plain_rows(path).values() for row in solutions]
        for row, record in zip(rows, traces_of(path), strict=True):
            label = row["Model_Solution_First_Error_Step"]
            if label != "N/A" and record.label.earliest_error != int(label) - 1:
                moved.append(row)
    assert moved == []


def test_mr_gsm8k(shared_data):
    path = shared_data("mr_gsm8k/mr_gsm8k_partial_unique.json")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "mr-gsm8k"
    assert len(records) == len({record.id for record in records}) == 584
    given = [int(row["model_output_solution_first_error_step"]) - 1 for row in rows]
    assert earliest(records) == given
    assert Counter(record.subset for record in records) == {
        "original": 337,
        "reversed": 185,
        "POT": 62,
    }
    assert sum(record.final_answer_correct for record in records) == 19
    assert [record.steps for record in records] == [row["model_output_steps"] for row in rows]


@pytest.mark.parametrize(
    ("task", "count", "right"),
    [
        ("dyck_languages", 986, 336),
        ("logical_deduction", 300, 6),
        ("multistep_arithmetic", 300, 62),
        ("tracking_shuffled_objects", 300, 40),
        ("word_sorting", 300, 34),
    ],
)
def test_bigbench_mistake(shared_data, task, count, right):
    path = shared_data(f"bigbench_mistake/{task}.jsonl")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "bigbench-mistake"
    assert len(records) == count
    assert earliest(records).count(-1) == right
    given = [-1 if row["mistake_index"] is None else row["mistake_index"] for row in rows]
    assert earliest(records) == given
    assert [record.steps for record in records] == [row["steps"] for row in rows]
    assert [record.reference_answer for record in records] == [row["target"] for row in rows]


PRMBENCH = {
    "circular": (758, 0),
    "confidence": (757, 5),
    "counterfactual": (757, 1),
    "deception": (750, 1),
    "domain_inconsistency": (757, 0),
    "missing_condition": (756, 9),
    "multi_solutions": (165, 0),
    "redundency": (758, 0),
    "step_contradiction": (758, 0),
}


@pytest.mark.parametrize("kind", PRMBENCH)
def test_prmbench(shared_data, kind):
    count, unusable = PRMBENCH[kind]
    path = shared_data(f"prmbench/{kind}.jsonl")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "prmbench"
    changed = [record for record in records if record.subset == kind]
    originals = [record for record in records if record.subset == "original"]
    assert len(rows) == len(changed) == len(originals) == count
    assert len({record.id for record in changed}) == count
    assert set(earliest(originals)) == {-1}
    assert earliest(changed).count(None) == unusable
    for row, record in zip(rows, changed, strict=True):
        inside = [n - 1 for n in row["error_steps"] if n <= len(row["modified_process"])]
        expected = min(inside) if inside else None if row["error_steps"] else -1
        assert record.label.earliest_error == expected
        assert record.steps == row["modified_process"]
    assert [record.steps for record in originals] == [row["original_process"] for row in rows]


def test_prmbench_originals_share_an_id_only_if_they_are_the_same(shared_data):
    seen = {}
    for kind in PRMBENCH:
        for record in traces_of(shared_data(f"prmbench/{kind}.jsonl")):
            content = (record.problem, tuple(record.steps))
            if record.subset == "original":
                assert seen.setdefault(record.id, content) == content
            else:
                assert seen.setdefault(record.id, content) is content
    assert len(seen) == 6216 + 3352


def test_agentprocessbench(shared_data):
    path = shared_data("agentprocessbench/hotpotqa.jsonl")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "agentprocessbench"
    assert len(records) == len({record.id for record in records}) == 250
    assert sum(len(record.steps) for record in records) == 734
    for row, record in zip(rows, records, strict=True):
        places = record.metadata["message_indices"]
        labels = {str(p): n for p, n in zip(places, record.label.step_labels, strict=True)}
        assert labels == row["step_labels"]
        wrong = [int(key) for key, label in row["step_labels"].items() if label == -1]
        first = record.label.earliest_error
        assert (places[first] if first >= 0 else -1) == (min(wrong) if wrong else -1)
        for place, step in zip(places, record.steps, strict=True):
            assert row["messages"][place]["content"] in step
        assert record.problem == row["messages"][1]["content"]
        whole = "\n".join([record.problem, record.metadata["system"], *record.steps])
        assert all(message["content"] in whole for message in row["messages"])


def test_prm800k(shared_data):
    path = shared_data("native_samples/samples_prm800k.jsonl")
    assert detect_file(path) == "prm800k"
    records = list(read_rows(path))
    kept = [record for record in records if isinstance(record, TraceRecord)]
    assert earliest(kept) == [-1, 6, -1, -1]
    assert [len(record.steps) for record in kept] == [6, 13, 5, 7]
    assert kept[0].steps[1] == "We have $3p+e=1.24$ and $5p+e=1.82$."
    assert kept[1].label.step_labels == [1, 0, 1, 1, 1, 1, -1] + [None] * 6
    passed = [record for record in records if isinstance(record, RejectedRow)]
    assert [(row.line, row.field) for row in passed] == [
        (5, "label.finish_reason"),
        (6, "is_initial_screening_question"),
    ]
    assert earliest(traces_of(path, all_rows=True)) == [-1, 6, -1, -1, None, -1]
    assert earliest(traces_of(path, all_rows=True, neutral="negative"))[1] == 1
    others = traces_of(path, all_rows=True, alternatives=True)
    rated = [
        completion
        for row in plain_rows(path)
        for step in row["label"]["steps"]
        for completion in step["completions"] or []
    ]
    # Each completion is on a path or an alternative; twice a person wrote the step instead.
    assert len(others) - 6 == len(rated) - (6 + 7 + 5 + 7 + 8 + 12 - 2)
    assert len({record.id for record in others}) == len(others)


def test_math_shepherd(shared_data):
    path = shared_data("native_samples/samples_math-shepherd.jsonl")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "math-shepherd"
    assert len(records) == 7
    for row, record in zip(rows, records, strict=True):
        signs = re.findall(r" ([+-])(?:\n|$)", row["label"])
        assert record.label.step_labels == [1 if sign == "+" else -1 for sign in signs]
        assert record.label.earliest_error == signs.index("-")
        joined = record.problem + " " + "\n".join(f"{step} ки" for step in record.steps)
        assert joined == row["input"].rstrip("\n")
        assert record.final_answer is not None


def test_math_aps(shared_data):
    path = shared_data("native_samples/samples_math-aps.jsonl")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "math-aps"
    assert len({record.id for record in records}) == len(records) == 124
    by_problem = Counter(record.problem for record in records)
    for row in rows:
        values = {}
        for node in row["reasoning_steps"]:
            values.setdefault(node["solution_prefix"], node["mc_value"])
        ends = {p for p in values if not any(q != p and q.startswith(p) for q in values)}
        assert by_problem[row["question"]] == len(ends)
        for record in records:
            if record.problem == row["question"]:
                prefix = record.problem
                for step, score in zip(record.steps, record.label.scores, strict=True):
                    prefix += step
                    assert values[prefix] == score
                assert prefix in ends
                zeros = [i for i, score in enumerate(record.label.scores) if score == 0]
                assert record.label.earliest_error == (zeros[0] if zeros else -1)


def test_deltabench(shared_data):
    path = shared_data("native_samples/Deltabench_v1_examples.jsonl")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "deltabench"
    assert len(records) == len({record.id for record in records}) == 9
    given = [min(row["reason_error_section_numbers"]) - 1 for row in rows]
    assert earliest(records) == given
    for row, record in zip(rows, records, strict=True):
        assert record.steps == [section["content"] for section in row["sections"]]
        assert record.label.error_type == row["error_type"]
        said = row["sections_labeled_info"][record.label.earliest_error]
        assert record.label.explanation == said["explanation"]


def test_versaprm(shared_data):
    path = shared_data("native_samples/versaprm_prm800k_phase2_eval_small.json")
    rows, records = plain_rows(path), traces_of(path)
    assert detect_file(path) == "versaprm"
    chains = [chain for row in rows for chain in row["chain_of_thoughts"]]
    assert [record.steps for record in records] == [chain["steps"] for chain in chains]
    assert [record.label.step_labels for record in records] == [chain["labels"] for chain in chains]
    assert len(records) == 11 and set(earliest(records)) == {-1}
    rated = [aug["aug_type"] for chain in chains for aug in chain["augs"]]
    others = [r for r in traces_of(path, alternatives=True) if "alternatives" not in r.metadata]
    assert [record.label.step_labels[-1] for record in others] == rated
    assert earliest(traces_of(path, neutral="negative")).count(0) == 1


def test_no_public_row_is_claimed_by_two_formats(shared_data):
    folder = shared_data("processbench").parent
    for path in sorted(folder.rglob("*.json*")):
        claims = {
            tuple(name for name, form in FORMATS.items() if form.matches(row))
            for _, row in placed_rows(path)
        }
        assert [len(claim) for claim in claims] == [1], path.name
