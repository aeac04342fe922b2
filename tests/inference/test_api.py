"""Scorers, runs, schedules and workers through the API."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from inference.api import RunStatus
from inference.models import Schedule, Scorer, ScoringRun
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import drain, make_worker, scripted_scorer
from traces.models import Dataset, SavedFilter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset("traces")
    for problem, subset in (("a", "easy"), ("mute", "hard")):
        make_trace(dataset, problem=problem, subset=subset)
    return dataset


def post(client: Client, path: str, **body: Any):
    return client.post(f"/api/{path}", body, content_type="application/json")


def test_a_run_from_start_to_end(client: Client, lead: User, dataset: Dataset):
    scorer = scripted_scorer()
    answer = post(client, "runs", scorer=scorer.name, dataset="traces", priority="high")
    assert answer.status_code == 201
    run = ScoringRun.objects.get()
    assert (answer.json()["id"], run.created_by, run.priority) == (run.pk, lead, 1)
    state = client.get(f"/api/runs/{run.pk}").json()
    assert state["unserved"].startswith("No worker serves the queue prm.")
    drain()
    state = client.get(f"/api/runs/{run.pk}").json()
    assert (state["status"], state["judged"], state["traces"]) == ("finished", 2, 2)
    assert state["tokens"] == 3
    mute = dataset.traces.get(problem__text="mute").pk
    assert state["failures"] == [
        {"reason": "The model said nothing.", "traces": 1, "example_trace": mute}
    ]
    assert [row["id"] for row in client.get("/api/runs?status=finished").json()] == [run.pk]
    assert get_args(RunStatus) == tuple(ScoringRun.Status.values)
    assert client.get(f"/api/runs?before={run.pk}").json() == []


@pytest.mark.usefixtures("lead")
def test_a_run_over_a_saved_filter(client: Client, dataset: Dataset):
    SavedFilter.objects.create(dataset=dataset, name="hard ones", choices={"subset": "hard"})
    body = {"scorer": scripted_scorer().name, "dataset": "traces"}
    answer = post(client, "runs", **body, saved_filter="hard ones")
    assert (answer.status_code, answer.json()["traces"]) == (201, 1)
    refused = post(client, "runs", **body, saved_filter="soft ones")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "traces has no saved filter 'soft ones'.",
    )


@pytest.mark.usefixtures("lead")
def test_every_control_says_what_it_did(client: Client, dataset: Dataset):
    run = post(client, "runs", scorer=scripted_scorer().name, dataset="traces").json()["id"]
    said = {
        verb: (answer.status_code, answer.json()["detail"])
        for verb in ("retry", "pause", "resume", "cancel")
        if (answer := post(client, f"runs/{run}/{verb}"))
    }
    assert said == {
        "retry": (409, f"Run {run} has no failed shards to retry."),
        "pause": (
            200,
            f"Run {run} paused: 0 shards running will finish, 1 shard queued until it resumes.",
        ),
        "resume": (200, f"Run {run} resumed: 1 shard queued."),
        "cancel": (
            200,
            f"Run {run} cancelled: 1 shard will not be scored. The verdicts of 0 shards stay.",
        ),
    }
    assert post(client, f"runs/{run}/pause").status_code == 409
    assert post(client, f"runs/{run}/explode").status_code == 422
    assert post(client, "runs/999999/pause").status_code == 404
    assert client.get(f"/api/runs/{run}/pause").status_code == 405


@pytest.mark.usefixtures("lead")
def test_scorers_are_listed_and_made(client: Client):
    body = {"name": "prm-a", "backend": "qwen-prm", "model": "owner/model", "threshold": 0.4}
    assert post(client, "scorers", **body).status_code == 201
    assert Scorer.objects.get().threshold == 0.4
    (listed,) = client.get("/api/scorers").json()
    assert (listed["name"], listed["kind"]) == ("prm-a", "prm")
    assert post(client, "scorers", **body | {"threshold": 0.6}).status_code == 409
    assert post(client, "scorers", name="b").status_code == 422


@pytest.mark.usefixtures("lead", "dataset")
def test_schedules_are_made_switched_and_deleted(client: Client):
    body = {"scorer": scripted_scorer().name, "dataset": "traces"}
    made = post(client, "schedules", **body, cron="0 3 * * *").json()
    assert (made["when"], made["cron"], made["is_active"]) == ("cron", "0 3 * * *", True)
    assert post(client, "schedules", **body).json()["when"] == "new"
    later = (timezone.now() + timedelta(days=1)).isoformat()
    assert post(client, "schedules", **body, at=later).json()["when"] == "at"
    assert post(client, "schedules", **body, cron="daily").status_code == 409
    assert post(client, "schedules", **body, cron="1," * 200 + "1 * * * *").status_code == 409
    assert post(client, "schedules", **body, at=later, cron="0 3 * * *").status_code == 409
    assert len(client.get("/api/schedules").json()) == 3
    pk = made["id"]
    assert (
        post(client, f"schedules/{pk}/off")
        .json()["detail"]
        .endswith("is off. Its running runs continue.")
    )
    assert not Schedule.objects.get(pk=pk).is_active
    assert client.delete(f"/api/schedules/{pk}").status_code == 204
    assert client.delete(f"/api/schedules/{pk}").status_code == 404


@pytest.mark.usefixtures("lead")
def test_workers_are_those_connected(client: Client):
    make_worker("prm@here")
    make_worker("prm@gone")
    worker = make_worker("prm@silent")
    worker.heartbeat_at = timezone.now() - timedelta(minutes=1)
    worker.save()
    names = [worker["name"] for worker in client.get("/api/workers").json()]
    assert names == ["prm@gone", "prm@here"]


def test_a_dataset_of_members_alone_keeps_its_runs_from_others(client: Client, dataset: Dataset):
    from inference.runs.start import start_run

    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    client.force_login(make_user())
    assert client.get(f"/api/runs/{run.pk}").status_code == 200
    Dataset.objects.update(members_only=True)
    assert client.get(f"/api/runs/{run.pk}").status_code == 404
    assert client.get("/api/runs").json() == []


@pytest.mark.usefixtures("lead")
def test_a_threshold_makes_a_scorer(client: Client, dataset: Dataset):
    source = scripted_scorer()
    answer = post(client, "scorers/at-threshold", scorer=source.name, threshold=0.7, name="at 0.7")
    assert (answer.status_code, answer.json()["threshold"]) == (201, 0.7)
    refused = post(client, "scorers/at-threshold", scorer=source.name, threshold=7, name="at 7")
    assert (refused.status_code, Scorer.objects.count()) == (409, 2)
    assert "from 0 to 1" in refused.json()["detail"]


@pytest.mark.usefixtures("lead", "dataset")
def test_a_time_without_an_offset_is_the_sites(client: Client, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    body = {"scorer": "arithmetic", "dataset": "traces"}
    made = post(client, "schedules", **body, at="2090-01-31T02:30")
    assert made.status_code == 201
    assert Schedule.objects.get().next_at.isoformat() == "2090-01-31T01:30:00+00:00"
    past = post(client, "schedules", **body, at="2020-01-31T02:30")
    assert (past.status_code, past.json()["detail"]) == (
        409,
        "2020-01-31 02:30 CET is in the past.",
    )
