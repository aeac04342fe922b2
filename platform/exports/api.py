"""API of curation rules, exports and lineage; for leads, as the pages are."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from accounts.api_login import LEADS
from accounts.rules import UserRequest
from exports.curation.rule import Rule, parse_rule
from exports.curation.rule_preview import Counts, count
from exports.curation.rule_versions import find_rule, newest_rules, save_rule
from exports.errors import RuleError
from exports.export_job import start_export
from exports.files.layout import Layout
from exports.lineage.index import RowLineage, row_lineage
from exports.lineage.withdrawal import exports_holding
from exports.models import CurationRule, Export
from exports.recipes import RECIPES
from exports.storage.export_store import has_bucket
from exports.storage.range_download import download
from jobs.api import JobOut
from jobs.transitions import cancel
from traces.models import Dataset, Verdict

router = Router(tags=["exports"], auth=LEADS)
MOST = 200


class RuleIn(Schema, extra="forbid"):
    """`choices` are the rule's choices that are not the default: docs/exports.md lists them."""

    choices: dict[str, Any] = {}


class RuleOut(Schema):
    name: str
    version: int
    choices: dict[str, Any]
    created_at: datetime

    @staticmethod
    def resolve_choices(rule: CurationRule) -> dict[str, Any]:
        return rule.rule


class LeftOutState(Schema):
    reason: str
    traces: int


class SplitState(Schema):
    split: str
    problems: int
    right: int
    wrong: int


class SourceState(Schema):
    kind: str
    traces: int


class CountsOut(Schema):
    """Counts of a rule; `labelled` traces have a verdict, `left_out` ones are in no split."""

    labelled: int
    traces: int
    left_out: list[LeftOutState]
    splits: list[SplitState]
    sources: list[SourceState]


class ExportIn(Schema, extra="forbid"):
    """`rule` is NAME or NAME@VERSION of a saved rule; without it `choices` are the rule."""

    dataset: str
    recipe: str
    rule: str = ""
    choices: dict[str, Any] = {}
    options: dict[str, Any] = {}
    file_format: Literal["", "jsonl", "parquet"] = ""
    compression: Literal["zstd", "none"] = "zstd"
    rows_per_file: int = Layout().rows_per_file
    to_bucket: bool = False


class ExportOut(JobOut):
    dataset: str
    recipe: str
    stage: str
    traces: int | None
    traces_done: int
    rows: int
    fingerprint: str
    location: str

    @staticmethod
    def resolve_dataset(export: Export) -> str:
        return export.dataset.name

    @staticmethod
    def resolve_traces(export: Export) -> int | None:
        return export.trace_count

    @staticmethod
    def resolve_rows(export: Export) -> int:
        return export.row_count


class ExportState(ExportOut):
    """An export's state; `manifest` is null until it is finished."""

    manifest: dict[str, Any] | None


class RowOut(Schema):
    """The verdicts behind one row; `row` is its place in its split, from 0."""

    split: str
    row: int
    problem_id: int
    trace_ids: list[int]
    verdict_ids: list[int]


class HolderOut(Schema):
    """An export that holds a verdict, and the training runs on it."""

    export: int
    recipe: str
    training_runs: list[int]


@router.get("/recipes", response=list[str], url_name="recipes")
def list_recipes(request: UserRequest) -> list[str]:
    return list(RECIPES)


@router.get("/datasets/{dataset:name}/rules", response=list[RuleOut], url_name="rules")
def list_rules(request: UserRequest, name: str) -> list[CurationRule]:
    """Return the newest version of each rule."""
    return newest_rules(_dataset(request, name))


@router.post("/datasets/{dataset:name}/rules/{rule}", response=RuleOut, url_name="rule")
def create_version(request: UserRequest, name: str, rule: str, asked: RuleIn) -> CurationRule:
    """Create a version, unless the newest one is the same."""
    chosen = parse_rule(asked.choices)
    return save_rule(_dataset(request, name), rule, chosen, created_by=request.user)


@router.post("/datasets/{dataset:name}/rule-counts", response=CountsOut, url_name="rule-counts")
def count_rule(request: UserRequest, name: str, asked: RuleIn, for_training: bool = True) -> Counts:
    """Count what a rule would select, without saving it."""
    return count(_dataset(request, name), parse_rule(asked.choices), for_training=for_training)


@router.get("/exports", response=list[ExportOut], url_name="exports")
def list_exports(request: UserRequest, before: int | None = None) -> QuerySet[Export]:
    """Return exports, newest first; `before` gives the next page."""
    exports = Export.objects.select_related("dataset").order_by("-pk")
    return exports.filter(pk__lt=before)[:MOST] if before else exports[:MOST]


@router.post("/exports", response={201: ExportState}, url_name="exports")
def create_export(request: UserRequest, asked: ExportIn) -> Status[Export]:
    dataset = _dataset(request, asked.dataset)
    if asked.recipe not in RECIPES:
        raise RuleError(f"No recipe {asked.recipe!r}. Recipes: {', '.join(RECIPES)}.")
    if asked.to_bucket and not has_bucket():
        raise RuleError("This server has no S3 bucket.")
    if asked.rule and asked.choices:
        raise RuleError("Give either a saved rule or its settings, not both.")
    rule: Rule | CurationRule = (
        find_rule(dataset, asked.rule) if asked.rule else parse_rule(asked.choices)
    )
    export = start_export(
        dataset,
        recipe=asked.recipe,
        rule=rule,
        options=asked.options,
        layout=_layout(asked),
        to_bucket=asked.to_bucket,
        created_by=request.user,
    )
    return Status(201, export)


@router.get("/exports/{int:pk}", response=ExportState, url_name="export")
def read_export(request: UserRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.select_related("dataset"), pk=pk)


@router.post("/exports/{int:pk}/cancel", response=ExportState, url_name="export-cancel")
def cancel_export(request: UserRequest, pk: int) -> Export:
    """Cancel a queued or running export and delete its files."""
    export = get_object_or_404(Export.objects.select_related("dataset"), pk=pk)
    cancel(export)
    return export


@router.get("/exports/{int:pk}/rows/{split}/{int:row}", response=RowOut, url_name="export-row")
def read_row(request: UserRequest, pk: int, split: str, row: int) -> RowLineage:
    export = get_object_or_404(Export, pk=pk, status=Export.Status.FINISHED)
    found = row_lineage(export, split, row)
    if found is None:
        raise RuleError(f"Export {pk} has no row {row} in {split!r}.")
    return found


@router.get("/exports/{int:pk}/files/{path:file}", url_name="export-file")
def read_file(request: UserRequest, pk: int, file: str) -> HttpResponseBase:
    """Return a file, or with a Range header a part of it."""
    export = get_object_or_404(Export, pk=pk, status=Export.Status.FINISHED)
    return download(export, file, request.headers)


@router.get("/verdicts/{int:pk}/exports", response=list[HolderOut], url_name="verdict-exports")
def list_holders(request: UserRequest, pk: int) -> list[dict[str, Any]]:
    verdict = get_object_or_404(Verdict, pk=pk)
    return [
        {
            "export": holder.export.pk,
            "recipe": holder.export.recipe,
            "training_runs": [run.pk for run in holder.export.training_runs.all()],
        }
        for holder in exports_holding([verdict.pk])
    ]


def _dataset(request: UserRequest, name: str) -> Dataset:
    return get_object_or_404(Dataset.objects.visible_to(request.user), name=name)


def _layout(asked: ExportIn) -> Layout:
    try:
        return msgspec.convert(
            {
                "file_format": asked.file_format,
                "compression": asked.compression,
                "rows_per_file": asked.rows_per_file,
            },
            Layout,
        )
    except msgspec.ValidationError as error:
        raise RuleError(str(error)) from error
