"""API of the metrics: the same figures of judges and generators as on the pages."""

from datetime import datetime
from typing import Any, cast

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from accounts.models import User
from metrics.agreement.report import judges_with_verdicts, pairwise_agreement
from metrics.generators.errors import GeneratorErrors
from metrics.generators.profile import all_errors, profile
from metrics.judges.interval_cache import cached_f1_intervals
from metrics.judges.leaderboard import build_leaderboard, kind_of
from metrics.judges.output import leaderboard_json
from metrics.judges.report import REPORT
from metrics.pages.page import freshness
from metrics.reports.cache import get_report
from metrics.reports.query import MetricsQuery
from metrics.stats.confusion_matrix import outcomes
from metrics.summaries.queries import cells, summary_counts
from traces.models import Dataset, Generator, Judge

router = Router(tags=["figures"])


class FreshOut(Schema):
    """How fresh the figures are.

    `changed_at` is the time of the last change applied; `waiting` counts those not applied yet.
    """

    changed_at: datetime | None
    waiting: int


class FiguresOut(Schema):
    """Figures: percentages for F1 and accuracies, fractions for rates, null where undefined."""

    fresh: FreshOut
    figures: dict[str, Any]


@router.get("/datasets/{dataset:name}/leaderboard", response=FiguresOut, url_name="leaderboard")
def get_leaderboard(request: HttpRequest, name: str, reference: int | None = None) -> Any:
    """Return the ProcessBench F1 of every judge against the dataset labels or another judge."""
    dataset, judge = _dataset(request, name), _judge(request, reference)
    fresh = freshness([dataset.pk])
    found = summary_counts([dataset.pk], dataset, judge)
    board = build_leaderboard(dataset, judge, found, intervals=cached_f1_intervals)
    return {"fresh": fresh, "figures": leaderboard_json(board)}


@router.get(
    "/datasets/{dataset:name}/judges/{int:pk}", response=FiguresOut, url_name="judge-figures"
)
def get_judge(request: HttpRequest, name: str, pk: int, reference: int | None = None) -> Any:
    """Return one judge's outcomes, breakdowns, thresholds and calibration.

    `report` is null while the first one is computed, and `is_stale` while a newer one is.
    """
    dataset, by = _dataset(request, name), _judge(request, reference)
    judge = get_object_or_404(_judges(request), pk=pk)
    fresh = freshness([dataset.pk])
    report = get_report(REPORT, MetricsQuery((dataset.pk,), reference=reference, judge=pk))
    figures = {
        "judge": str(judge),
        "kind": kind_of(judge),
        "outcomes": outcomes(cells([dataset.pk], by, judge)),
        "is_stale": report.is_stale,
        "report": report.value,
    }
    return {"fresh": fresh, "figures": msgspec.to_builtins(figures)}


@router.get("/datasets/{dataset:name}/agreement", response=FiguresOut, url_name="agreement")
def get_agreement(request: HttpRequest, name: str) -> Any:
    """Return the agreement of each pair of judges that labelled the same traces."""
    dataset = _dataset(request, name)
    fresh = freshness([dataset.pk])
    judges = {judge.pk: judge for judge in judges_with_verdicts([dataset.pk])}
    pairs = [
        {"first": str(judges[a]), "second": str(judges[b]), **msgspec.to_builtins(figures)}
        for (a, b), figures in pairwise_agreement([dataset.pk], list(judges)).items()
    ]
    return {"fresh": fresh, "figures": {"pairs": pairs}}


@router.get("/datasets/{dataset:name}/generators", response=FiguresOut, url_name="generators")
def list_generators(request: HttpRequest, name: str, judge: int | None = None) -> Any:
    """Return how often and where each generator errs, by the dataset labels or a judge's."""
    dataset, by = _dataset(request, name), _judge(request, judge)
    fresh = freshness([dataset.pk])
    rows = [_errors(one) for one in all_errors([dataset.pk], by)]
    return {"fresh": fresh, "figures": {"generators": rows}}


@router.get(
    "/datasets/{dataset:name}/generators/{int:pk}", response=FiguresOut, url_name="generator"
)
def get_generator(request: HttpRequest, name: str, pk: int, judge: int | None = None) -> Any:
    """Return one generator's error profile; no figures where none of its traces was judged."""
    dataset, by = _dataset(request, name), _judge(request, judge)
    generator = get_object_or_404(Generator.objects.visible_to(_user(request)), pk=pk)
    fresh = freshness([dataset.pk])
    found = profile([dataset.pk], by, generator)
    if found is None:
        return {"fresh": fresh, "figures": {}}
    parts = {
        field: msgspec.to_builtins(getattr(found, field))
        for field in ("survival", "by_subset", "by_difficulty", "by_length", "sources")
    }
    return {"fresh": fresh, "figures": {**_errors(found.errors), **parts}}


def _errors(one: GeneratorErrors) -> dict[str, Any]:
    fields = {
        field: msgspec.to_builtins(getattr(one, field), str_keys=True)
        for field in GeneratorErrors.__dataclass_fields__
        if field != "generator"
    }
    return {"generator": str(one.generator), **fields}


def _dataset(request: HttpRequest, name: str) -> Dataset:
    return get_object_or_404(Dataset.objects.visible_to(_user(request)), name=name)


def _judge(request: HttpRequest, number: int | None) -> Judge | None:
    return None if number is None else get_object_or_404(_judges(request), pk=number)


def _judges(request: HttpRequest) -> QuerySet[Judge]:
    return Judge.objects.visible_to(_user(request))


def _user(request: HttpRequest) -> User:
    # Past the API's door.
    return cast(User, request.user)
