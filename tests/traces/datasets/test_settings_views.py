"""The pages of a dataset's settings, members and saved filters."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import label, make_dataset, make_trace, make_user
from traces.datasets.trace_filter import selected
from traces.models import Dataset, SavedFilter

pytestmark = pytest.mark.django_db

TEXT = "A farmer keeps 12 hens, and each of them lays 3 eggs a day for the market of the town."


def page(client: Client, name: str, *arguments: object) -> BeautifulSoup:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_settings_mark_a_benchmark(as_lead: Client):
    dataset = make_dataset()
    as_lead.post(
        reverse("traces:dataset-settings", args=[dataset.name]),
        {"description": "held out", "is_benchmark": "on"},
    )
    dataset.refresh_from_db()
    assert (dataset.description, dataset.is_benchmark) == ("held out", True)
    assert "benchmark" in page(as_lead, "traces:dataset-detail", dataset.name).text


def test_a_dataset_for_members_is_not_there_for_others(client: Client, as_lead: Client):
    dataset = make_dataset()
    trace = make_trace(dataset)
    as_lead.post(reverse("traces:dataset-settings", args=[dataset.name]), {"members_only": "on"})
    member, stranger = make_user(), make_user()
    as_lead.post(
        reverse("traces:member-add", args=[dataset.name]), {"user": member.pk, "role": "viewer"}
    )
    seen = {}
    for user in (member, stranger):
        client.force_login(user)
        seen[user] = [
            client.get(reverse("traces:dataset-detail", args=[dataset.name])).status_code,
            client.get(reverse("traces:trace-detail", args=[trace.pk])).status_code,
            dataset.name in client.get(reverse("traces:dataset-list")).content.decode(),
        ]
    assert seen == {member: [200, 200, True], stranger: [404, 404, False]}
    assert Dataset.objects.visible_to(stranger).count() == 0


def test_a_members_role_changes_and_ends(as_lead: Client):
    dataset, person = make_dataset(), make_user()
    for role in ("viewer", "reviewer"):
        as_lead.post(
            reverse("traces:member-add", args=[dataset.name]), {"user": person.pk, "role": role}
        )
    member = dataset.members.get()
    assert member.role == "reviewer"
    as_lead.post(reverse("traces:member-remove", args=[dataset.name, member.pk]))
    assert not dataset.members.exists()


def test_a_saved_filter_chooses_the_same_traces_later(as_lead: Client):
    dataset = make_dataset()
    wrong, right = make_trace(dataset), make_trace(dataset)
    judge = label(wrong, 1).judge
    label(right, -1)
    as_lead.post(
        reverse("traces:filter-save", args=[dataset.name]),
        {"name": "wrong ones", "judge": judge.pk, "finding": "error", "after": 3},
    )
    saved = SavedFilter.objects.get()
    assert saved.choices == {"judge": str(judge.pk), "finding": "error"}
    assert list(selected(dataset, saved.choices)) == [wrong]
    link = page(as_lead, "traces:dataset-detail", dataset.name).select_one(".saved-filters a")
    shown = as_lead.get(reverse("traces:dataset-detail", args=[dataset.name]) + link["href"])
    rows = BeautifulSoup(shown.content, "html.parser").select("tbody th a[href^='/traces/']")
    assert [row.text for row in rows] == [wrong.external_id]
    as_lead.post(reverse("traces:filter-delete", args=[dataset.name, saved.pk]))
    assert not SavedFilter.objects.exists()
