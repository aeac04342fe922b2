"""The pages of exports and rules, as a lead uses them."""

import pytest
from django.test import Client
from django.urls import reverse

from exports.curation.rule import Rule
from exports.curation.rule_versions import save_rule
from exports.models import Export
from tests.exports.exported import make_export
from tests.exports.pages import make_labelled, page_of, rule_address, values_in
from tests.factories import make_dataset

pytestmark = pytest.mark.django_db(transaction=True)


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
