"""The pages of training as a lead sees them, plain and through htmx."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from exports.models import Export
from exports.recipes import RECIPES
from tests.factories import make_dataset
from training.jobs import JOBS
from training.models import TrainingRun

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lead")]

METRICS = [
    {"step": 1, "loss": 2.0},
    {"step": 2, "loss": 1.0, "held_out_loss": 1.5},
    {"step": 4, "loss": 0.5, "held_out_loss": 1.25},
]


@pytest.fixture
def run(finished_export: Callable[[str], Export]) -> TrainingRun:
    return TrainingRun.objects.create(
        export=finished_export("prm"),
        job="prm",
        parameters={"base": "owner/tiny", "seed": 7},
        status="running",
        step=4,
        steps=8,
        metrics=METRICS,
        log="step 4: loss 0.5",
    )


def page(client: Client, name: str, *args, **headers) -> BeautifulSoup:
    response = client.get(reverse(f"training:{name}", args=args), headers=headers or None)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_the_list_has_pages(client: Client, finished_export: Callable[[str], Export]):
    export = finished_export("prm")
    TrainingRun.objects.bulk_create([TrainingRun(export=export, job="prm") for _ in range(101)])
    oldest = TrainingRun.objects.order_by("pk")[0]
    first = page(client, "run-list")
    assert len(first.select("table.list tbody tr")) == 100
    (older,) = first.select(".pages a")
    answer = client.get(reverse("training:run-list") + older["href"])
    second = BeautifulSoup(answer.content, "html.parser")
    assert [row.text for row in second.select("table.list tbody th")] == [f"Run {oldest.pk}"]


def test_a_run_is_started_from_an_exports_page(
    client: Client, finished_export: Callable[[str], Export], base: Path
):
    export = finished_export("mistake-tuning")
    address = reverse("training:run-create", args=[export.pk])
    exported = BeautifulSoup(
        client.get(reverse("exports:export-detail", args=[export.pk])).content, "html.parser"
    )
    assert exported.select(f'a[href="{address}"]')
    form = BeautifulSoup(client.get(address).content, "html.parser")
    assert [o["value"] for o in form.select("select[name=job] option")] == ["mistake-tuning"]
    data = {"job": "mistake-tuning", "base": str(base), "seed": "3", "extra": '{"steps": 5}'}
    response = client.post(address, data)
    run = TrainingRun.objects.get()
    assert response.url == reverse("training:run-detail", args=[run.pk])
    assert run.parameters == {"base": str(base), "seed": 3, "steps": 5}
    assert run.status == "queued"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"extra": "[1]"}, "Enter a JSON object"),
        ({"extra": '{"speed": 1}'}, "unknown field `speed`"),
        ({"base": ""}, "This field is required"),
        ({"job": "nft"}, "nft is not one of the available choices"),
    ],
)
def test_invalid_settings_are_shown_on_the_form(
    client: Client, finished_export: Callable[[str], Export], changed: dict, message: str
):
    address = reverse("training:run-create", args=[finished_export("prm").pk])
    response = client.post(address, {"job": "prm", "base": "x", **changed})
    assert response.status_code == 400
    assert message in BeautifulSoup(response.content, "html.parser").text
    assert not TrainingRun.objects.exists()


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_an_exports_page_offers_training_where_some_job_reads_it(client: Client, recipe: str):
    export = Export.objects.create(
        recipe=recipe, dataset=make_dataset(), status="finished", manifest={}, row_count=1
    )
    response = client.get(reverse("exports:export-detail", args=[export.pk]))
    shown = BeautifulSoup(response.content, "html.parser")
    address = reverse("training:run-create", args=[export.pk])
    reads = any(recipe in job.recipes for job in JOBS.values())
    assert bool(shown.select(f'a[href="{address}"]')) == reads
    assert ("Train" in shown.select_one("#state").text) == reads


def test_an_export_that_no_job_reads_has_no_form(
    client: Client, finished_export: Callable[[str], Export]
):
    shown = page(client, "run-create", finished_export("processbench").pk)
    assert not shown.select("form.form")
    assert "reads processbench exports" in shown.text


def test_a_running_run_shows_its_curve_and_polls(client: Client, run: TrainingRun):
    shown = page(client, "run-detail", run.pk)
    assert shown.select_one("#state")["hx-get"] == reverse("training:run-detail", args=[run.pk])
    assert shown.select_one("progress")["value"] == "4"
    assert len(shown.select_one("polyline.training")["points"].split()) == 3
    assert len(shown.select_one("polyline.held-out")["points"].split()) == 2
    assert "seed" in shown.text and "step 4: loss 0.5" in shown.text
    fragment = page(client, "run-detail", run.pk, HX_Request="true")
    assert fragment.select_one("#state") and not fragment.select("h1")


def test_a_finished_run_stops_polling_and_offers_the_scorer(client: Client, run: TrainingRun):
    TrainingRun.objects.update(status="finished", model="/somewhere")
    shown = page(client, "run-detail", run.pk)
    assert "hx-get" not in shown.select_one("#state").attrs
    form = shown.select_one(f'form[action="{reverse("training:run-register", args=[run.pk])}"]')
    assert form.select_one("input[name=name]")["value"] == f"tiny-run-{run.pk}"


def test_the_scorer_is_created_with_one_click(client: Client, run: TrainingRun, base: Path):
    TrainingRun.objects.update(status="finished", model=str(base))
    response = client.post(reverse("training:run-register", args=[run.pk]), {"name": "my prm"})
    run.refresh_from_db()
    assert (run.scorer.name, run.scorer.backend) == ("my prm", "trl-prm")
    assert response.url == reverse("inference:run-list", query={"scorer": "my prm"})


def test_a_run_is_cancelled_and_resumed(client: Client, run: TrainingRun):
    client.post(reverse("training:run-cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == "cancelled"
    client.post(reverse("training:run-resume", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == "queued"
    again = client.post(reverse("training:run-resume", args=[run.pk]), follow=True)
    assert "There is nothing to resume" in again.text


@pytest.mark.parametrize("suffix", ["svg", "csv", "json"])
def test_a_curve_is_saved(client: Client, run: TrainingRun, suffix: str):
    response = client.get(reverse("training:run-chart", args=[run.pk, suffix]))
    assert response.status_code == 200
    assert response.content


def test_the_list_has_as_many_queries_for_three_runs_as_for_one(
    client: Client, run: TrainingRun, django_assert_num_queries
):
    for count in (1, 3):
        while TrainingRun.objects.count() < count:
            TrainingRun.objects.create(export=run.export, job="prm", parameters={"base": "x"})
        with django_assert_num_queries(4):
            client.get(reverse("training:run-list"))


def test_a_single_held_out_loss_is_a_dot(client: Client, run: TrainingRun):
    assert not page(client, "run-detail", run.pk).select("circle.held-out")
    TrainingRun.objects.filter(pk=run.pk).update(metrics=METRICS[:2])
    (dot,) = page(client, "run-detail", run.pk).select("circle.held-out")
    assert (dot["cx"], dot["cy"]) == ("590.0", "93.0")
