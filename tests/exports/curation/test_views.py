"""The pages of curation rules."""

import pytest
from django.test import Client
from django.urls import reverse

from exports.curation.rule import Rule, parse_rule
from exports.models import CurationRule
from tests.exports.pages import make_labelled, page_of, values_in

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_rule_that_makes_no_sense_is_reported_next_to_the_counts(as_lead: Client):
    make_labelled()
    path = reverse("exports:rule-create", args=["things"])
    values = values_in(page_of(as_lead.get(path)), "form.rule-form")
    values |= {"validation": "0.7", "test": "0.5", "count": "1"}
    part = page_of(as_lead.post(path, values, headers={"HX-Request": "true"}))
    assert "nothing for training" in part.select_one(".notice.error").text
    page = page_of(as_lead.post(path, values_in(page_of(as_lead.get(path)), "form.rule-form")))
    assert "1 to 100 printable characters" in page.select_one(".rule-save .errorlist").text
