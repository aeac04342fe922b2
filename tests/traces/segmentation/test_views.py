"""The page that splits a trace into other steps."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import make_trace
from traces.models import Trace

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *arguments: object) -> BeautifulSoup:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_a_trace_is_split_again_on_its_page(as_lead: Client):
    trace = make_trace(steps=["a = 1. b = 2.", "c = -----"])
    shown = page(as_lead, "traces:trace-resegment", trace.pk)
    text = shown.select_one("textarea").text.lstrip("\n")
    assert text == "a = 1. b = 2.\n------\nc = -----"
    changed = text.replace("\n", "\r\n").replace("a = 1. ", "a = 1.\r\n------\r\n")
    answer = as_lead.post(reverse("traces:trace-resegment", args=[trace.pk]), {"text": changed})
    new = Trace.objects.get(resegmented_from=trace)
    assert answer["Location"] == reverse("traces:trace-detail", args=[new.pk])
    assert new.steps == ["a = 1.", "b = 2.", "c = -----"]
    assert "This trace was re-split" in page(as_lead, "traces:trace-detail", trace.pk).text


def test_a_changed_word_is_refused_and_stays_in_the_field(as_lead: Client):
    trace = make_trace(steps=["a = 1.", "b = 2."])
    answer = as_lead.post(
        reverse("traces:trace-resegment", args=[trace.pk]), {"text": "a = 1.\r\nb = 3."}
    )
    shown = BeautifulSoup(answer.content, "html.parser")
    assert "changed near" in shown.select_one(".errorlist").text
    assert "b = 3." in shown.select_one("textarea").text
    assert Trace.objects.count() == 1


def test_a_splitter_fills_the_field(as_lead: Client):
    trace = make_trace(steps=["One. Two.", "Three."])
    answer = as_lead.get(reverse("traces:trace-resegment", args=[trace.pk]), {"how": "sentence"})
    text = BeautifulSoup(answer.content, "html.parser").select_one("textarea").text
    assert [part.strip() for part in text.split("-----")] == ["One.", "Two.", "Three."]
