"""The import page: preview, import, and errors."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from traces.imports.import_job import run_import
from traces.models import Dataset, Import, ImportRejection, Trace

pytestmark = pytest.mark.django_db

ROWS = [
    {
        "id": f"demo-{number}",
        "generator": "model",
        "problem": f"What is {number} + 1?",
        "steps": [f"{number} + 1 = {number + 1}.", "Done."],
        "final_answer_correct": True,
        "label": -1,
    }
    for number in range(3)
]
PAGE = "traces:import-create"


@pytest.fixture(autouse=True)
def _lead(client: Client) -> None:
    client.force_login(make_user(role="lead"))


def upload(rows: object, name: str = "demo.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, json.dumps(rows).encode())


def look(client: Client, **fields: object) -> BeautifulSoup:
    return BeautifulSoup(client.post(reverse(PAGE), fields).content, "html.parser")


def test_a_preview_shows_the_rows_and_stores_nothing(client: Client):
    page = look(client, file=upload(ROWS), action="preview")
    assert "read as ProcessBench" in page.select_one("h2").text
    assert [row.select_one(".problem-text").text.strip() for row in page.select("article")] == [
        row["problem"] for row in ROWS
    ]
    assert not Import.objects.exists()
    assert not Trace.objects.exists()


def test_the_preview_is_focused_and_unset_options_stay_folded(client: Client):
    as_sent = {"neutral": "positive", "cut": "blank-line", "label_base": "0", "format": ""}
    page = look(client, file=upload(ROWS), action="preview", **as_sent)
    assert page.select_one("main form")["action"] == f"#{page.select_one('p.actions')['id']}"
    assert "open" not in page.main.details.attrs
    page = look(client, file=upload(ROWS), action="preview", **as_sent | {"label_base": "1"})
    assert "open" in page.main.details.attrs


def test_the_previewed_file_is_imported(client: Client, django_capture_on_commit_callbacks):
    page = look(client, file=upload(ROWS), action="preview")
    source = page.select_one("input[name=source]")["value"]
    with django_capture_on_commit_callbacks():
        answer = client.post(reverse(PAGE), {"source": source, "action": "import"})
    started = Import.objects.get()
    assert answer.url == reverse("traces:import-detail", args=[started.pk])
    run_import(started.pk)
    assert Dataset.objects.get().name == "demo"
    assert Trace.objects.count() == 3
    shown = client.get(answer.url).content.decode()
    assert "3 new traces" in shown


def test_a_source_that_was_not_signed_here_is_refused(client: Client):
    page = look(client, source="uploads/../../etc/passwd", action="import")
    assert "Choose the file again" in page.select_one(".notice.error").text
    assert not Import.objects.exists()


def test_a_path_needs_the_import_folder(client: Client, settings, tmp_path):
    settings.IMPORT_ROOT = str(tmp_path)
    outside = tmp_path.parent / "outside.json"
    outside.write_text("[]")
    page = look(client, location="../outside.json", action="preview")
    assert "is not below" in page.select_one(".notice.error").text
    (tmp_path / "inside.json").write_text(json.dumps(ROWS))
    assert look(client, location="inside.json", action="preview").select("article")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose a file"),
        ({"location": "hub:no-slash"}, "is not a Hugging Face dataset"),
        ({"mapping": "problem"}, "has no '='"),
        ({"dataset": "two words"}, "letters, digits"),
    ],
)
def test_wrong_fields_are_named(client: Client, fields: dict[str, str], sentence: str):
    answer = client.post(reverse(PAGE), {**fields, "action": "preview"})
    assert answer.status_code == 400
    assert sentence in BeautifulSoup(answer.content, "html.parser").text


def test_rows_that_no_format_knows_are_named(client: Client):
    page = look(client, file=upload([{"colour": "blue"}]), action="preview")
    assert "colour" in page.select_one(".notice.error").text


def test_a_mapping_reads_rows_of_any_form(client: Client):
    row = {"q": {"text": "What is 1 + 1?"}, "reasoning": "1 + 1 = 2\n\nSo 2."}
    page = look(
        client,
        file=upload([row]),
        action="preview",
        format="general",
        mapping="problem = q.text\ntext = reasoning",
    )
    assert len(page.select("article ol li")) == 2


def test_the_report_has_every_refused_row_and_no_formula(client: Client):
    made = Import.objects.create(dataset_name="x", source="x.json", status="finished", rejected=2)
    for line, excerpt in ((3, "=HYPERLINK()"), (7, '{"steps": []}')):
        ImportRejection.objects.create(
            imported=made, line=line, field="steps", reason="has no steps", excerpt=excerpt
        )
    answer = client.get(reverse("traces:import-rejections", args=[made.pk]))
    text = b"".join(answer.streaming_content).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["line", "field", "reason", "excerpt"],
        ["3", "steps", "has no steps", "'=HYPERLINK()"],
        ["7", "steps", "has no steps", '{"steps": []}'],
    ]


def test_the_state_stops_polling_when_the_import_is_over(client: Client):
    made = Import.objects.create(dataset_name="x", source="x.json", status="running")
    path = reverse("traces:import-detail", args=[made.pk])
    fragment = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" in fragment
    assert "<html" not in fragment
    Import.objects.update(status="failed", error="The worker has gone.")
    fragment = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in fragment
    assert "The worker has gone." in fragment


def test_no_column_of_the_report_is_a_formula(client: Client):
    made = Import.objects.create(dataset_name="x", source="x.json", status="finished", rejected=1)
    ImportRejection.objects.create(
        imported=made, line=0, field="=1+1.json", reason="+1", excerpt="\t=1"
    )
    answer = client.get(reverse("traces:import-rejections", args=[made.pk]))
    text = b"".join(answer.streaming_content).decode()
    assert list(csv.reader(io.StringIO(text)))[1] == ["0", "'=1+1.json", "'+1", "'\t=1"]


def test_an_import_is_cancelled_from_its_page(client: Client):
    waiting = Import.objects.create(dataset_name="set", source="x.jsonl", rows_read=12)
    address = reverse("traces:import-detail", args=[waiting.pk])
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.select_one("#state .state").text == "queued"
    client.post(page.select_one("#state form")["action"])
    waiting.refresh_from_db()
    assert waiting.status == "cancelled"
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.select_one("#state .state").text == "cancelled"
    assert page.select_one("#state form") is None
    answer = client.post(reverse("traces:import-cancel", args=[waiting.pk]), follow=True)
    assert "there is nothing to cancel" in answer.content.decode()


def test_only_a_lead_cancels_an_import(client: Client):
    waiting = Import.objects.create(dataset_name="set", source="x.jsonl")
    address = reverse("traces:import-cancel", args=[waiting.pk])
    assert client.get(address).status_code == 405
    client.force_login(make_user())
    assert client.post(address).status_code == 403
    waiting.refresh_from_db()
    assert waiting.status == "queued"
