"""Rules, exports and lineage through the API."""

from typing import Any

import pytest
from django.test import Client

from exports.models import CurationRule, Export
from exports.storage.export_store import folder_of
from tests.exports.exported import make_export
from tests.factories import label, make_dataset, make_trace, make_user
from traces.models import Dataset, Verdict
from training.models import TrainingRun

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset("things")
    label(make_trace(dataset, subset="easy"), -1)
    label(make_trace(dataset, subset="hard"), 1)
    return dataset


def post(client: Client, path: str, **body: Any):
    return client.post(f"/api/{path}", body, content_type="application/json")


def test_a_rule_is_counted_saved_and_listed(as_lead: Client, dataset: Dataset):
    choices = {"finding": "wrong", "subsets": ["hard"]}
    counts = post(as_lead, "datasets/things/rule-counts", choices=choices).json()
    assert (counts["labelled"], counts["traces"]) == (1, 1)
    assert counts["splits"] == [{"split": "train", "problems": 1, "right": 0, "wrong": 1}]
    assert counts["sources"] == [{"kind": "reference", "traces": 1}]
    for _ in range(2):
        saved = post(as_lead, "datasets/things/rules/hard", choices=choices).json()
        assert (saved["version"], saved["choices"]) == (1, choices)
    assert post(as_lead, "datasets/things/rules/hard").json()["version"] == 2
    assert [rule["version"] for rule in as_lead.get("/api/datasets/things/rules").json()] == [2]


def test_an_export_is_started_by_a_rule_and_read(as_lead: Client, dataset: Dataset):
    post(as_lead, "datasets/things/rules/mine", choices={"finding": "wrong"})
    answer = post(
        as_lead, "exports", dataset="things", recipe="prm", rule="mine",
        options={"after_first_error": "wrong"}, file_format="parquet",
    )  # fmt: skip
    assert answer.status_code == 201
    export = Export.objects.get()
    assert export.rule_version == CurationRule.objects.get()
    assert export.options["after_first_error"] == "wrong"
    assert export.layout["file_format"] == "parquet"
    state = as_lead.get(f"/api/exports/{export.pk}").json()
    assert (state["status"], state["manifest"], state["dataset"]) == ("queued", None, "things")
    assert state["progress"] == {"done": 0, "total": None, "unit": "traces"}
    assert [row["id"] for row in as_lead.get("/api/exports").json()] == [export.pk]
    assert as_lead.get(f"/api/exports?before={export.pk}").json() == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"recipe": "nope"}, "No recipe 'nope'"),
        ({"recipe": "prm", "rule": "none"}, "has no rule 'none'"),
        ({"recipe": "prm", "rule": "x", "choices": {"seed": 1}}, "not both"),
        ({"recipe": "prm", "choices": {"validation": 2}}, "validation is 2"),
        ({"recipe": "prm", "options": {"neutral": "maybe"}}, "neutral: Invalid enum value"),
        ({"recipe": "prm", "rows_per_file": 0}, ">= 1"),
        ({"recipe": "prm", "to_bucket": True}, "no S3 bucket"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    as_lead: Client, dataset: Dataset, body: dict[str, Any], sentence: str
):
    answer = post(as_lead, "exports", dataset="things", **body)
    assert answer.status_code == 409
    assert sentence in answer.json()["detail"]
    assert not Export.objects.exists()


def test_files_and_lineage_of_a_finished_export(as_lead: Client, dataset: Dataset):
    export = make_export(dataset, "prm")
    run = TrainingRun.objects.create(export=export, job="prm")
    (name,) = export.manifest["files"]
    answer = as_lead.get(f"/api/exports/{export.pk}/files/{name}", headers={"Range": "bytes=2-"})
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == (folder_of(export) / name).read_bytes()[2:]
    assert as_lead.get(f"/api/exports/{export.pk}/files/data/none").status_code == 404
    row = as_lead.get(f"/api/exports/{export.pk}/rows/train/1").json()
    verdict = Verdict.objects.get(earliest_error=1)
    assert (row["verdict_ids"], row["trace_ids"]) == ([verdict.pk], [verdict.trace_id])
    assert as_lead.get(f"/api/exports/{export.pk}/rows/train/2").status_code == 409
    holders = as_lead.get(f"/api/verdicts/{verdict.pk}/exports").json()
    assert holders == [{"export": export.pk, "recipe": "prm", "training_runs": [run.pk]}]


def test_exports_are_for_leads(client: Client, dataset: Dataset):
    client.force_login(make_user())
    assert client.get("/api/exports").status_code == 403
    assert client.get("/api/datasets/things/rules").status_code == 403


def test_an_export_is_cancelled_once(as_lead: Client, dataset: Dataset):
    post(as_lead, "exports", dataset="things", recipe="prm")
    export = Export.objects.get()
    assert post(as_lead, f"exports/{export.pk}/cancel").json()["status"] == "cancelled"
    again = post(as_lead, f"exports/{export.pk}/cancel")
    assert again.status_code == 409
    assert again.json()["detail"] == (
        f"Export {export.pk} is cancelled: there is nothing to cancel."
    )
    assert post(as_lead, "exports/999999/cancel").status_code == 404


def test_only_a_lead_cancels_an_export(client: Client, dataset: Dataset):
    export = Export.objects.create(dataset=dataset, recipe="prm")
    client.force_login(make_user())
    assert post(client, f"exports/{export.pk}/cancel").status_code == 403
    export.refresh_from_db()
    assert export.status == "queued"
