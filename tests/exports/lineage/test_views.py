"""The pages of lineage and withdrawal."""

import pytest
from django.test import Client
from django.urls import reverse

from exports.curation.rule import Rule
from tests.exports.exported import make_export
from tests.factories import (
    label,
    make_dataset,
    make_scorer,
    make_trace,
    make_user,
    make_verdict,
)
from traces.models import Judge, Verdict
from training.models import TrainingRun

pytestmark = pytest.mark.django_db(transaction=True)


def make_person(name: str = "") -> Judge:
    user = make_user(name)
    return Judge.objects.create(kind="human", name=user.username, user=user)


def test_the_pages_lead_both_ways_and_withdraw(client: Client):
    client.force_login(make_user(role="lead"))
    dataset, person = make_dataset(), make_person()
    verdict = make_verdict(make_trace(dataset), person, 1)
    export = make_export(dataset, "processbench")
    run = TrainingRun.objects.create(export=export, job="prm", scorer=make_scorer("made-of-it"))

    row = client.get(reverse("exports:export-row", args=[export.pk]), {"split": "train", "row": 0})
    assert reverse("exports:verdict-detail", args=[verdict.pk]) in row.content.decode()
    for place in ({"split": "train", "row": 1}, {"split": "x", "row": 0}, {}):
        answer = client.get(reverse("exports:export-row", args=[export.pk]), place)
        assert answer.status_code == 404

    page = client.get(reverse("exports:verdict-detail", args=[verdict.pk])).content.decode()
    assert reverse("exports:export-detail", args=[export.pk]) in page
    assert reverse("training:run-detail", args=[run.pk]) in page
    assert "(scorer made-of-it)" in page

    for name, pk in (("verdict-withdraw", verdict.pk), ("judge-withdraw", person.pk)):
        path = reverse(f"exports:{name}", args=[pk])
        assert (
            reverse("exports:export-detail", args=[export.pk]) in client.get(path).content.decode()
        )
        Verdict.objects.filter(pk=verdict.pk).update(is_current=True, withdrawn_at=None)
        assert client.post(path).status_code == 302
        verdict.refresh_from_db()
        assert verdict.withdrawn_at is not None
    consensus = Judge.objects.create(kind="consensus", name="queue")
    make_verdict(verdict.trace, consensus, 1)
    settled = make_export(dataset, "processbench", Rule(labels=("consensus",)))
    for name in ("verdict-detail", "verdict-withdraw"):
        shown = client.get(reverse(f"exports:{name}", args=[verdict.pk])).content.decode()
        assert reverse("exports:export-detail", args=[settled.pk]) in shown
    reference = label(make_trace(dataset), 0)
    path = reverse("exports:verdict-withdraw", args=[reference.pk])
    assert "import again" in client.post(path, follow=True).content.decode()
