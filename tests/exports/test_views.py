"""The pages of exports and rules, as a lead uses them."""

import hashlib
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from exports.curation.rule import Rule, parse_rule
from exports.curation.rule_versions import save_rule
from exports.models import CurationRule, Export
from exports.storage.export_store import folder_of
from tests.exports.exported import make_export
from tests.factories import label, make_dataset, make_trace
from traces.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(response: Any) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def values_in(page: BeautifulSoup, form: str) -> dict[str, Any]:
    """Return the values that a browser would send for the form."""
    found: dict[str, Any] = {}
    for field in page.select(f"{form} [name]"):
        if field.name == "select":
            chosen = [option.get("value") for option in field.select("option[selected]")]
            first = field.select("option")
            usual = first[0].get("value") if first else ""
            found[field["name"]] = chosen if field.has_attr("multiple") else (chosen or [usual])[0]
        elif field.name == "button" or (
            field.get("type") == "checkbox" and "checked" not in field.attrs
        ):
            continue
        else:
            found[field["name"]] = field.get("value", "")
    return found


def make_labelled() -> Dataset:
    dataset = make_dataset("things")
    label(make_trace(dataset, subset="easy"), -1)
    label(make_trace(dataset, subset="hard"), 1)
    return dataset


def test_a_recipe_is_set_up_with_its_options_and_written(
    as_lead: Client, django_capture_on_commit_callbacks
):
    make_labelled()
    path = reverse("exports:export-create") + "?dataset=things&recipe=prm"
    page = page_of(as_lead.get(path))
    values = values_in(page, "form.form")
    assert values["option-neutral"] == "right"
    values |= {"option-after_first_error": "wrong", "layout-file_format": "parquet"}
    response = as_lead.post(path, values)
    export = Export.objects.get()
    assert response.url == reverse("exports:export-detail", args=[export.pk])
    assert export.options == {"neutral": "right", "after_first_error": "wrong"}
    assert export.layout["file_format"] == "parquet"
    assert export.created_by is not None


def test_an_address_without_dataset_or_recipe_leads_back_to_the_list(as_lead: Client):
    response = as_lead.get(reverse("exports:export-create") + "?dataset=nope&recipe=prm")
    assert response.url == reverse("exports:export-list")


def test_a_wrong_option_is_said_on_the_page(as_lead: Client):
    make_labelled()
    path = reverse("exports:export-create") + "?dataset=things&recipe=nft-rollouts"
    values = values_in(page_of(as_lead.get(path)), "form.form") | {"option-least_rollouts": "0"}
    page = page_of(as_lead.post(path, values))
    assert "greater than or equal to 1" in page.select_one(".errorlist").text
    assert not Export.objects.exists()


def test_the_pages_of_an_export_in_every_state(as_lead: Client):
    dataset = make_labelled()
    export = make_export(dataset, "processbench")
    path = reverse("exports:export-detail", args=[export.pk])
    page = page_of(as_lead.get(path))
    assert "2 from 2 traces of 2 problems" in " ".join(page.select_one("dl.facts").text.split())
    names = [link.text for link in page.select("table.list th a")]
    assert names[:2] == [
        "data/easy-00000-of-00001.jsonl.zst",
        "data/hard-00000-of-00001.jsonl.zst",
    ]
    assert not page.select("[hx-trigger]")
    Export.objects.filter(pk=export.pk).update(
        status="running", stage="writing", trace_count=9, traces_done=4
    )
    part = page_of(as_lead.get(path, headers={"HX-Request": "true"}))
    assert part.select_one("progress")["value"] == "4"
    assert part.select_one("#state")["hx-trigger"]
    assert not part.select("h1")
    Export.objects.filter(pk=export.pk).update(status="failed", error="No room.")
    assert "No room." in page_of(as_lead.get(path)).select_one(".notice.error").text


def test_the_list_costs_the_same_queries_for_1_and_3(as_lead: Client, django_assert_num_queries):
    dataset = make_labelled()
    path = reverse("exports:export-list")
    as_lead.get(path)
    for count in (1, 2):
        for _ in range(count):
            make_export(dataset, "processbench")
        with django_assert_num_queries(5):
            as_lead.get(path)


def test_the_list_goes_on_for_pages(as_lead: Client):
    dataset = make_dataset()
    Export.objects.bulk_create([Export(dataset=dataset, recipe="prm") for _ in range(101)])
    newest, oldest = (
        Export.objects.order_by(key).values_list("pk", flat=True)[0] for key in ("-pk", "pk")
    )
    path = reverse("exports:export-list")
    first = page_of(as_lead.get(path, {"dataset": dataset.name}))
    rows = first.select("table.list tbody th a")
    assert (len(rows), rows[0].text) == (100, str(newest))
    (older,) = first.select(".pages a")
    assert older["href"] == f"?dataset={dataset.name}&page=2"
    second = page_of(as_lead.get(path + older["href"]))
    assert [row.text for row in second.select("table.list tbody th a")] == [str(oldest)]
    assert second.select_one(".pages a").text == "Newer"


def test_a_rule_is_counted_as_it_is_edited_and_saved_in_versions(as_lead: Client):
    make_labelled()
    path = reverse("exports:rule-create", args=["things"])
    page = page_of(as_lead.get(path))
    values = values_in(page, "form.rule-form")
    assert values["label_1"] == "consensus"
    part = page_of(as_lead.post(path, values | {"count": "1"}, headers={"HX-Request": "true"}))
    assert part.select_one(".big").text.split()[0] == "2"
    assert not part.select("form")
    values |= {"finding": "wrong", "subsets": ["hard"], "name": "hard ones"}
    assert (
        page_of(as_lead.post(path, values | {"count": "1"})).select_one(".big").text.strip()[0]
        == "1"
    )
    assert not CurationRule.objects.exists()

    response = as_lead.post(path, values)
    rule = CurationRule.objects.get()
    assert parse_rule(rule.rule) == Rule(finding="wrong", subsets=("hard",))
    assert response.url == reverse("exports:rule-detail", args=["things", rule.pk])
    page = page_of(as_lead.get(response.url))
    again = values_in(page, "form.rule-form")
    assert (again["finding"], again["subsets"]) == ("wrong", ["hard"])
    as_lead.post(response.url, again)
    assert CurationRule.objects.count() == 1
    as_lead.post(response.url, again | {"finding": "right"})
    assert [r.version for r in CurationRule.objects.order_by("version")] == [1, 2]
    assert "hard ones" in page_of(as_lead.get(reverse("exports:rule-list", args=["things"]))).text


def test_an_export_begins_from_its_newest_rule(as_lead: Client):
    dataset = make_labelled()
    old, new = (save_rule(dataset, "hard", Rule(test=t), created_by=None) for t in (0.1, 0.2))
    assert "Export with this rule" not in as_lead.get(rule_address(old)).content.decode()
    page = page_of(as_lead.get(rule_address(new)))
    (form,) = page.select(f'form[action="{reverse("exports:export-create")}"]')
    asked = {field["name"]: field["value"] for field in form.select("input")}
    started = page_of(as_lead.get(form["action"], {**asked, "recipe": "dpo"}))
    (chosen,) = started.select("select[name=rule] option[selected]")
    assert chosen["value"] == str(new.pk)
    assert "chosen_trace_id" in started.select_one("details.example pre").text


def rule_address(rule: CurationRule) -> str:
    return reverse("exports:rule-detail", args=[rule.dataset.name, rule.pk])


def test_a_rule_that_makes_no_sense_is_reported_next_to_the_counts(as_lead: Client):
    make_labelled()
    path = reverse("exports:rule-create", args=["things"])
    values = values_in(page_of(as_lead.get(path)), "form.rule-form")
    values |= {"validation": "0.7", "test": "0.5", "count": "1"}
    part = page_of(as_lead.post(path, values, headers={"HX-Request": "true"}))
    assert "nothing for training" in part.select_one(".notice.error").text
    page = page_of(as_lead.post(path, values_in(page_of(as_lead.get(path)), "form.rule-form")))
    assert "1 to 100 printable characters" in page.select_one(".rule-save .errorlist").text


def test_a_download_can_be_resumed(as_lead: Client):
    export = make_export(make_labelled(), "processbench")
    name = "data/easy-00000-of-00001.jsonl.zst"
    path = reverse("exports:export-file", args=[export.pk, name])
    whole = (folder_of(export) / name).read_bytes()
    first = as_lead.get(path, headers={"Range": "bytes=0-9"})
    rest = as_lead.get(path, headers={"Range": "bytes=10-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.headers["Content-Range"] == f"bytes 0-9/{len(whole)}"
    got = b"".join(first.streaming_content) + b"".join(rest.streaming_content)
    assert got == whole
    assert hashlib.sha256(got).hexdigest() == export.manifest["files"][name]["sha256"]
    last = as_lead.get(path, headers={"Range": "bytes=-5"})
    assert b"".join(last.streaming_content) == whole[-5:]
    for odd in ("bytes=a-", "bytes=-", "items=0-1", "bytes=0-1,3-4"):
        answer = as_lead.get(path, headers={"Range": odd})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, whole)
    beyond = as_lead.get(path, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"
    # A number that no file can have, and one of digits that Python alone takes for such.
    for odd in (f"bytes={'9' * 5000}-", "bytes=\u0660-9"):
        assert as_lead.get(path, headers={"Range": odd}).status_code == 200
    manifest = as_lead.get(reverse("exports:export-file", args=[export.pk, "manifest.json"]))
    assert hashlib.sha256(b"".join(manifest.streaming_content)).hexdigest() == export.fingerprint


def test_a_download_of_another_export_is_not_gone_on_with(as_lead: Client):
    export = make_export(make_labelled(), "processbench")
    path = reverse("exports:export-file", args=[export.pk, "manifest.json"])
    whole = (folder_of(export) / "manifest.json").read_bytes()
    etag = as_lead.get(path).headers["ETag"]
    for known, status, start in (
        (etag, 206, 5),
        ('"another"', 200, 0),
        (f"W/{etag}", 200, 0),
        ("Sat, 21 Nov 2026 10:00:00 GMT", 200, 0),
    ):
        answer = as_lead.get(path, headers={"Range": "bytes=5-", "If-Range": known})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (status, whole[start:])


@pytest.mark.parametrize("name", ["data/nope", "../1/manifest.json", "lineage/x.parquet"])
def test_only_files_of_the_manifest_are_given(as_lead: Client, name: str):
    export = make_export(make_labelled(), "processbench")
    base = reverse("exports:export-detail", args=[export.pk])
    assert as_lead.get(f"{base}files/{name}").status_code == 404
