"""Scorers, runs, schedules and workers for programs. Writing is for leads."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from accounts.api_login import LEADS
from accounts.rules import UserRequest
from inference.models import Priority, Schedule, Scorer, ScoringRun, Worker
from inference.runs.availability import unavailable_reason
from inference.runs.control import CONTROLS
from inference.runs.schedules.scheduler import create_schedule, set_active
from inference.runs.start import start_run
from inference.runs.statistics import run_progress
from inference.scorers.derivation_job import start_derivation
from inference.scorers.registry import get_or_create_scorer, get_scorer
from inference.scorers.rethreshold import scorer_at_threshold
from traces.models import Dataset

router = Router(tags=["scoring"])
MOST = 200
RunStatus = Literal["queued", "running", "paused", "finished", "failed", "cancelled"]
PriorityWord = Literal["low", "normal", "high"]


class ScorerOut(Schema):
    name: str
    kind: str
    backend: str
    model: str
    revision: str
    threshold: float | None
    parameters: dict[str, Any]


class ScorerIn(Schema, extra="forbid"):
    """Without a threshold the backend's own holds."""

    name: str
    backend: str
    model: str = ""
    revision: str = ""
    threshold: float | None = None
    parameters: dict[str, Any] = {}


class ThresholdIn(Schema, extra="forbid"):
    """`scorer` is the one whose scores are there, `name` that of the new one."""

    scorer: str
    threshold: float
    name: str


class RunIn(Schema, extra="forbid"):
    """`saved_filter` is the name of one of the dataset's; unless given, all its traces."""

    scorer: str
    dataset: str
    saved_filter: str = ""
    only_missing: bool = False
    priority: PriorityWord = "normal"


class RunOut(Schema):
    id: int
    scorer: str
    dataset: str
    saved_filter: str
    only_missing: bool
    priority: str
    status: str
    traces: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class RunState(RunOut):
    """`rate` is in traces a second. `unserved` says why nobody takes the run's shards, if so."""

    judged: int
    unparsable: int
    shards: int
    shards_done: int
    shards_failed: int
    shards_running: int
    rate: float | None
    seconds_left: float | None
    tokens: int
    gpu_seconds: float
    failures: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    unserved: str


class Said(Schema):
    """What was done, in a sentence."""

    detail: str


class ScheduleIn(RunIn):
    """`at` a time, or on each time of the line `cron`; with neither, whenever traces arrive."""

    at: datetime | None = None
    cron: str = ""


class ScheduleOut(Schema):
    id: int
    scorer: str
    dataset: str
    saved_filter: str
    only_missing: bool
    priority: str
    when: str
    cron: str
    next_at: datetime
    is_active: bool
    problem: str


class WorkerOut(Schema):
    name: str
    host: str
    queues: list[str]
    backends: list[str]
    device: str
    versions: dict[str, str]
    heartbeat_at: datetime


@router.get("/scorers", response=list[ScorerOut], url_name="scorers")
def list_scorers(request: UserRequest) -> QuerySet[Scorer]:
    return Scorer.objects.order_by("name")


@router.post("/scorers", response={201: ScorerOut}, auth=LEADS, url_name="scorers")
def create_scorer(request: UserRequest, asked: ScorerIn) -> Status[Scorer]:
    """Return the scorer of this recipe, created if it is new."""
    return Status(201, get_or_create_scorer(**asked.dict()))


@router.post(
    "/scorers/at-threshold", response={201: ScorerOut}, auth=LEADS, url_name="scorer-at-threshold"
)
def create_at_threshold(request: UserRequest, asked: ThresholdIn) -> Status[Scorer]:
    """Create the scorer of a PRM's recipe at another threshold.

    Its verdicts are derived from the stored scores within moments; no model runs.
    """
    source = get_scorer(asked.scorer)
    scorer = scorer_at_threshold(source, asked.threshold, name=asked.name)
    start_derivation(scorer, source, by=request.user)
    return Status(201, scorer)


@router.get("/runs", response=list[RunOut], url_name="runs")
def list_runs(
    request: UserRequest, status: RunStatus | None = None, before: int | None = None
) -> list[dict[str, Any]]:
    """List the newest runs first, 200 at most; `before` is the last id of the page before."""
    runs = ScoringRun.objects.visible_to(request.user).select_related("scorer", "dataset")
    if status:
        runs = runs.filter(status=status)
    if before is not None:
        runs = runs.filter(pk__lt=before)
    return [_run(run) for run in runs.order_by("-pk")[:MOST]]


@router.post("/runs", response={201: RunOut}, auth=LEADS, url_name="runs")
def create_run(request: UserRequest, asked: RunIn) -> Status[dict[str, Any]]:
    run = start_run(get_scorer(asked.scorer), **_selection(request, asked))
    return Status(201, _run(run))


@router.get("/runs/{int:pk}", response=RunState, url_name="run")
def get_run(request: UserRequest, pk: int) -> dict[str, Any]:
    run = _visible_run(request, pk)
    state = run_progress(run)
    counts = {name: getattr(state, name) for name in RunState.model_fields if hasattr(state, name)}
    failures = [
        {"reason": one.reason, "traces": one.count, "example_trace": one.example_trace_id}
        for one in state.failures
    ]
    errors = [
        {"error": one.error, "shards": one.shards, "traces": one.traces} for one in state.errors
    ]
    told = {"failures": failures, "errors": errors, "unserved": unavailable_reason(run)}
    return counts | _run(run) | told


@router.post("/runs/{int:pk}/{verb}", response=Said, auth=LEADS, url_name="run-control")
def control_run(
    request: UserRequest, pk: int, verb: Literal["pause", "resume", "cancel", "retry"]
) -> dict[str, str]:
    """Pause, resume, cancel, or try the failed shards again."""
    return {"detail": CONTROLS[verb](_visible_run(request, pk), by=request.user)}


@router.get("/schedules", response=list[ScheduleOut], url_name="schedules")
def list_schedules(request: UserRequest) -> list[dict[str, Any]]:
    schedules = Schedule.objects.visible_to(request.user).select_related("scorer", "dataset")
    return [_schedule(schedule) for schedule in schedules.order_by("pk")]


@router.post("/schedules", response={201: ScheduleOut}, auth=LEADS, url_name="schedules")
def add_schedule(request: UserRequest, asked: ScheduleIn) -> Status[dict[str, Any]]:
    chosen = _selection(request, asked)
    schedule = create_schedule(get_scorer(asked.scorer), at=asked.at, cron=asked.cron, **chosen)
    return Status(201, _schedule(schedule))


@router.post("/schedules/{int:pk}/{word}", response=Said, auth=LEADS, url_name="schedule-switch")
def switch_schedule(request: UserRequest, pk: int, word: Literal["on", "off"]) -> dict[str, str]:
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), pk=pk)
    return {"detail": set_active(schedule, on=word == "on")}


@router.delete("/schedules/{int:pk}", response={204: None}, auth=LEADS, url_name="schedule")
def delete_schedule(request: UserRequest, pk: int) -> Status[None]:
    get_object_or_404(Schedule.objects.visible_to(request.user), pk=pk).delete()
    return Status(204, None)


@router.get("/workers", response=list[WorkerOut], url_name="workers")
def list_workers(request: UserRequest) -> QuerySet[Worker]:
    """List the connected workers."""
    return Worker.objects.connected().order_by("name")


def _visible_run(request: UserRequest, pk: int) -> ScoringRun:
    runs = ScoringRun.objects.visible_to(request.user).select_related("scorer", "dataset")
    return get_object_or_404(runs, pk=pk)


def _selection(request: UserRequest, asked: RunIn) -> dict[str, Any]:
    datasets = Dataset.objects.visible_to(request.user)
    return {
        "dataset": get_object_or_404(datasets, name=asked.dataset),
        "created_by": request.user,
        "filter_name": asked.saved_filter,
        "only_missing": asked.only_missing,
        "priority": Priority[asked.priority.upper()],
    }


def _run(run: ScoringRun) -> dict[str, Any]:
    plain = ("id", "only_missing", "status", "created_at", "started_at", "ended_at")
    return {name: getattr(run, name) for name in plain} | {
        "scorer": run.scorer.name,
        "dataset": run.dataset.name,
        "saved_filter": run.filter_name,
        "priority": run.get_priority_display(),
        "traces": run.trace_count,
    }


def _schedule(schedule: Schedule) -> dict[str, Any]:
    plain = ("id", "only_missing", "when", "cron", "next_at", "is_active", "problem")
    return {name: getattr(schedule, name) for name in plain} | {
        "scorer": schedule.scorer.name,
        "dataset": schedule.dataset.name,
        "saved_filter": schedule.filter_name,
        "priority": schedule.get_priority_display(),
    }
