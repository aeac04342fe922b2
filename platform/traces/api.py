"""Datasets, traces and verdicts for programs. Steps are counted from 0, as in files."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from accounts.rules import UserRequest
from traces.models import Dataset, Judge, Trace, Verdict

router = Router(tags=["traces"])
MOST = 1000


class DatasetOut(Schema):
    name: str
    description: str
    is_benchmark: bool
    created_at: datetime


class TraceOut(Schema):
    """A trace; `final_answer_correct` is null if it is not known."""

    id: int
    external_id: str
    dataset: str
    problem: str
    subset: str
    generator: str
    steps: list[str]
    final_answer: str | None
    final_answer_correct: bool | None
    metadata: dict[str, Any]

    @staticmethod
    def resolve_dataset(trace: Trace) -> str:
        return trace.dataset.name

    @staticmethod
    def resolve_problem(trace: Trace) -> str:
        return trace.problem.text

    @staticmethod
    def resolve_subset(trace: Trace) -> str:
        return trace.problem.subset

    @staticmethod
    def resolve_generator(trace: Trace) -> str:
        return str(trace.generator)


class TracePage(Schema):
    """A page of traces; `next_after` is the `after` of the next page, null at the end."""

    traces: list[TraceOut]
    next_after: int | None


class VerdictOut(Schema):
    """A verdict; `earliest_error` is 0-based, -1 for no error.

    It is null for no usable answer, with the reason in `failure`.
    """

    id: int
    trace_id: int
    judge: str
    judge_kind: str
    earliest_error: int | None
    scores: list[float] | None
    step_labels: list[int | None] | None
    confidence: float | None
    error_type: str
    explanation: str
    correction: str
    failure: str
    created_at: datetime

    @staticmethod
    def resolve_judge(verdict: Verdict) -> str:
        return str(verdict.judge)

    @staticmethod
    def resolve_judge_kind(verdict: Verdict) -> str:
        return verdict.judge.kind


class VerdictPage(Schema):
    verdicts: list[VerdictOut]
    next_after: int | None


class PageQuery(Schema):
    """The place of a page: rows are ordered by id, and `after` is the last id seen."""

    after: int = 0
    limit: int = 100


@router.get("/datasets", response=list[DatasetOut], url_name="datasets")
def list_datasets(request: UserRequest) -> QuerySet[Dataset]:
    """List the datasets that you may see."""
    return Dataset.objects.visible_to(request.user).order_by("name")


@router.get("/datasets/{dataset:name}", response=DatasetOut, url_name="dataset")
def get_dataset(request: UserRequest, name: str) -> Dataset:
    """Get a dataset by its name."""
    return get_object_or_404(Dataset.objects.visible_to(request.user), name=name)


@router.get("/datasets/{dataset:name}/traces", response=TracePage, url_name="dataset-traces")
def list_traces(request: UserRequest, name: str, page: Query[PageQuery]) -> dict[str, Any]:
    """List the dataset's traces, each in its current segmentation."""
    dataset = get_dataset(request, name)
    traces = Trace.objects.current_segmentations().filter(dataset=dataset)
    rows, next_after = _page(traces.select_related("problem", "generator", "dataset"), page)
    return {"traces": rows, "next_after": next_after}


@router.get("/datasets/{dataset:name}/verdicts", response=VerdictPage, url_name="dataset-verdicts")
def list_verdicts(
    request: UserRequest, name: str, page: Query[PageQuery], judge: str = ""
) -> dict[str, Any]:
    """List the current verdicts on the dataset's traces, of all judges or of one by name."""
    verdicts = Verdict.objects.current().readable_by(request.user)
    verdicts = verdicts.filter(trace__dataset=get_dataset(request, name))
    if judge:
        verdicts = verdicts.filter(judge__in=Judge.objects.named(judge))
    rows, next_after = _page(verdicts.select_related("judge"), page)
    return {"verdicts": rows, "next_after": next_after}


@router.get("/traces/{int:pk}", response=TraceOut, url_name="trace")
def get_trace(request: UserRequest, pk: int) -> Trace:
    """Get a trace by its id."""
    traces = Trace.objects.visible_to(request.user)
    return get_object_or_404(traces.select_related("problem", "generator", "dataset"), pk=pk)


@router.get("/traces/{int:pk}/verdicts", response=list[VerdictOut], url_name="trace-verdicts")
def list_verdicts_of_trace(request: UserRequest, pk: int) -> QuerySet[Verdict]:
    """List every judge's current verdict on a trace."""
    trace = get_object_or_404(Trace.objects.visible_to(request.user), pk=pk)
    verdicts = trace.verdicts.current().readable_by(request.user)
    return verdicts.select_related("judge").order_by("pk")


def _page(queryset: QuerySet[Any], page: PageQuery) -> tuple[list[Any], int | None]:
    """Return the rows after the last id seen, and the `after` of the next page."""
    limit = max(1, min(page.limit, MOST))
    rows = list(queryset.filter(pk__gt=page.after).order_by("pk")[: limit + 1])
    has_next = len(rows) > limit
    return rows[:limit], rows[limit - 1].pk if has_next else None
