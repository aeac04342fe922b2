"""Every address as everyone: a stranger goes to the login, an annotator stays out of a lead's."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from annotations.leases.lifecycle import next_lease
from annotations.models import QueueJob, StepComment
from annotations.queues.create import default_queue
from tests.factories import label, make_scorer, make_trace, make_user, make_verdict
from traces.models import DatasetMember, Import, SavedFilter

pytestmark = pytest.mark.django_db

OPEN = {
    "health",
    "accounts:login",
    "accounts:login-link",
    "accounts:sign-on",
    "accounts:sign-on-return",
    "api:api-root",
    "api:openapi-json",
}
# Pages of leads alone; anybody else with a login gets 403.
LEADS = {
    "api:export",
    "api:export-cancel",
    "api:export-file",
    "api:export-row",
    "api:exports",
    "api:recipes",
    "api:rule",
    "api:rule-counts",
    "api:rules",
    "api:run-control",
    "api:runs",
    "api:schedule",
    "api:schedule-switch",
    "api:schedules",
    "api:scorer-at-threshold",
    "api:scorers",
    "api:verdict-exports",
    "accounts:person-detail",
    "accounts:person-forget-sign-on",
    "accounts:person-link",
    "accounts:person-list",
    "annotations:comment-resolve",
    "annotations:dispute-detail",
    "annotations:dispute-dismiss",
    "annotations:dispute-list",
    "annotations:dispute-sign",
    "annotations:gold-list",
    "annotations:member-add",
    "annotations:member-pause",
    "annotations:member-remove",
    "annotations:member-screen",
    "annotations:queue-comments",
    "annotations:queue-create",
    "annotations:queue-delete",
    "annotations:queue-duplicate",
    "annotations:queue-fill",
    "annotations:queue-job-cancel",
    "annotations:queue-log",
    "annotations:queue-people",
    "annotations:queue-settings",
    "annotations:queue-status",
    "exports:export-cancel",
    "exports:export-create",
    "exports:export-list",
    "exports:export-push",
    "exports:export-row",
    "exports:judge-withdraw",
    "exports:push-cancel",
    "exports:rule-create",
    "exports:rule-detail",
    "exports:rule-list",
    "exports:verdict-detail",
    "exports:verdict-withdraw",
    "exports:export-detail",
    "exports:export-file",
    "inference:critic-create",
    "inference:derivation-cancel",
    "inference:run-cancel",
    "inference:run-create",
    "inference:run-pause",
    "inference:run-resume",
    "inference:run-retry",
    "inference:schedule-delete",
    "inference:schedule-off",
    "inference:schedule-on",
    "inference:scorer-create",
    "inference:scorer-rethreshold",
    "traces:dataset-settings",
    "traces:filter-delete",
    "traces:filter-save",
    "training:run-cancel",
    "training:run-chart",
    "training:run-create",
    "training:run-detail",
    "training:run-list",
    "training:run-register",
    "training:run-resume",
    "traces:import-cancel",
    "traces:import-create",
    "traces:import-detail",
    "traces:import-rejections",
    "traces:member-add",
    "traces:member-remove",
    "traces:trace-resegment",
    "traces:variant-link",
}


def names(patterns: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, inside)
        else:
            yield f"{prefix}{pattern.name}", pattern


ADDRESSES = dict(names(get_resolver().url_patterns))


@pytest.fixture
def paths() -> dict[str, str]:
    """Return a path of every named URL, to existing objects if it takes arguments."""
    from exports.models import Export, HubPush
    from inference.models import Derivation, ScoringRun
    from training.models import TrainingRun

    trace = make_trace(final_answer_correct=True)
    label(trace, 1)
    scorer = make_scorer()
    verdict = make_verdict(trace, scorer.judge, 1)
    run = ScoringRun.objects.create(scorer=scorer, dataset=trace.dataset)
    export = Export.objects.create(recipe="processbench", dataset=trace.dataset)
    push = HubPush.objects.create(export=export, repository="owner/set")
    derivation = Derivation.objects.create(scorer=scorer, source=scorer)
    saved = SavedFilter.objects.create(dataset=trace.dataset, name="x")
    member = DatasetMember.objects.create(dataset=trace.dataset, user=make_user())
    trained = TrainingRun.objects.create(export=export, job="prm", parameters={"base": "x"})
    imported = Import.objects.create(dataset_name="x", source="x")
    lease = next_lease(default_queue(trace.dataset), make_user())
    comment = StepComment.objects.create(item=lease.item, author=lease.annotator, text="x")
    in_queue = {
        "pk": lease.queue_id,
        "item": lease.item_id,
        "member": lease.queue.members.get().pk,
        "comment": comment.pk,
        "job": QueueJob.objects.create(queue=lease.queue, kind=QueueJob.Kind.WIDEN).pk,
    }
    ids = {
        "inference": {"pk": run.pk},
        "inference:scorer": {"pk": scorer.pk},
        "inference:derivation": {"pk": derivation.pk},
        "inference:verdict": {"pk": verdict.pk},
        "exports:push-": {"pk": push.pk},
        "exports": {"pk": export.pk, "name": "manifest.json"},
        "training": {"pk": trained.pk, "suffix": "svg"},
        "training:run-create": {"pk": export.pk},
        "traces:import": {"pk": imported.pk},
        "traces:filter": {"name": trace.dataset.name, "pk": saved.pk},
        "traces:member": {"name": trace.dataset.name, "pk": member.pk},
        "traces": {"pk": trace.pk, "name": trace.dataset.name},
        "annotations": {"pk": trace.pk, "name": trace.dataset.name},
        "annotations:queue-": in_queue,
        "annotations:queue-create": {"name": trace.dataset.name},
        "annotations:member-": in_queue,
        "annotations:comment-": in_queue,
        "annotations:dispute-": in_queue,
        "annotations:gold-": in_queue,
        "annotations:review-": {"pk": lease.pk, "name": trace.dataset.name},
        "annotations:review-list": {"pk": lease.queue_id},
        "metrics:judge": {"pk": scorer.judge.pk, "chart": "thresholds", "suffix": "json"},
        "metrics:generator": {"pk": trace.generator.pk, "chart": "errors", "suffix": "svg"},
        "metrics": {"pk": trace.pk, "name": "f1", "chart": "f1", "suffix": "svg"},
        "api:export": {"pk": export.pk, "split": "train", "row": 0, "file": "manifest.json"},
        "api:rule": {"name": trace.dataset.name, "rule": "x"},
        "api:verdict": {"pk": verdict.pk},
        "api": {"pk": run.pk, "name": trace.dataset.name, "verb": "pause", "word": "off"},
        "accounts": {"uid": "x", "token": "x", "pk": make_user().pk},
    }
    found = {}
    for name, pattern in ADDRESSES.items():
        wanted = pattern.pattern.converters
        prefix = max((key for key in ids if name.startswith(key)), key=len, default="")
        values = {key: ids[prefix][key] for key in wanted}
        found[name] = reverse(name, kwargs=values)
    return found


def test_a_stranger_is_sent_to_the_login(client: Client, paths: dict[str, str]):
    refused = {}
    for name, path in paths.items():
        if name in OPEN:
            continue
        response = client.get(path)
        if name.startswith("api:"):
            # A program is told so, rather than shown a login page. 405: there is no such reading.
            if response.status_code not in {401, 405}:
                refused[name] = response.status_code
        elif response.status_code != 302 or not response.url.startswith(reverse("accounts:login")):
            refused[name] = response.status_code
    assert refused == {}


def test_an_annotator_gets_403_from_a_leads_pages_and_from_no_other(
    client: Client, paths: dict[str, str]
):
    client.force_login(make_user())
    forbidden = set()
    for name, path in paths.items():
        if name in OPEN | {"accounts:logout"}:
            continue
        for response in (client.get(path), client.post(path), client.delete(path)):
            assert response.status_code < 500, name
            if response.status_code == 403:
                forbidden.add(name)
    assert forbidden == LEADS


def test_a_lead_gets_403_from_no_page(client: Client, paths: dict[str, str]):
    client.force_login(make_user(role="lead"))
    statuses = {name: client.get(path).status_code for name, path in paths.items()}
    assert {name: status for name, status in statuses.items() if status in {401, 403, 500}} == {}


def test_a_login_link_works_once(client: Client):
    from accounts.login_links import login_path

    path = login_path(make_user(role="lead"))
    assert client.get(path).url == reverse("home")
    client.logout()
    assert client.get(path).url == reverse("accounts:login")


def test_every_page_has_the_policy_and_no_inline_script(client: Client, paths: dict[str, str]):
    from bs4 import BeautifulSoup

    client.force_login(make_user(role="lead"))
    for name, path in paths.items():
        response = client.get(path)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        assert "script-src 'self'" in response.headers["Content-Security-Policy"], name
        page = BeautifulSoup(response.content, "html.parser")
        assert not [tag for tag in page.select("script") if not tag.get("src")], name
        assert not page.select("[style], [onclick], style"), name
        outside = [
            tag
            for tag in page.select("script[src], link[href], img[src]")
            if (tag.get("src") or tag.get("href")).startswith(("http:", "https:", "//"))
        ]
        assert not outside, name
