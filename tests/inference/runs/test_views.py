"""The scoring pages as a lead, an annotator and a stranger, plain and through htmx."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from inference.models import Scorer, ScoringRun, Worker
from inference.runs.control import cancel_run
from inference.runs.start import start_run
from inference.scorers.registry import builtin_scorer
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import drain, make_worker, scripted_scorer
from traces.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted", "served")]


@pytest.fixture
def served(db: None) -> None:
    """Connect a worker that serves the models' queue and no other."""
    make_worker()


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset()
    for problem in ["a", "mute"]:
        make_trace(dataset, problem=problem)
    return dataset


def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def start(client: Client, **data: str):
    return client.post(reverse("inference:run-create"), data)


def test_a_lead_starts_a_run(client: Client, lead: User, dataset: Dataset):
    response = start(client, dataset=dataset.name, scorer="arithmetic")
    run = ScoringRun.objects.get()
    assert response.url == reverse("inference:run-detail", args=[run.pk])
    assert (run.created_by, run.scorer, run.trace_count) == (lead, builtin_scorer("arithmetic"), 2)


def test_a_second_start_is_refused_with_a_sentence(client: Client, lead: User, dataset: Dataset):
    start(client, dataset=dataset.name, scorer="arithmetic")
    response = start(client, dataset=dataset.name, scorer="arithmetic")
    assert response.status_code == 400
    assert "is already scoring" in page(response).select_one(".errorlist").text
    assert ScoringRun.objects.count() == 1


@pytest.mark.parametrize(
    "data", [{}, {"dataset": "x", "scorer": "arithmetic"}, {"dataset": "y", "scorer": "abacus"}]
)
def test_a_bad_start_is_shown_again(client: Client, lead: User, data: dict[str, str]):
    Dataset.objects.create(name="y")
    response = start(client, **data)
    assert response.status_code == 400
    assert page(response).select(".errorlist")
    assert ScoringRun.objects.count() == 0


@pytest.mark.usefixtures("lead")
def test_the_list_costs_the_same_queries_for_one_run_and_three(
    client: Client, django_assert_num_queries
):
    for count in (1, 2):
        for _ in range(count):
            dataset = make_dataset()
            make_trace(dataset)
            start_run(scripted_scorer(), dataset=dataset, created_by=None)
        with django_assert_num_queries(6):
            assert client.get(reverse("inference:run-list")).status_code == 200


def detail(client: Client, run: ScoringRun, *, htmx: bool = False):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.get(reverse("inference:run-detail", args=[run.pk]), headers=headers)


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize("htmx", [False, True])
def test_a_run_is_polled_until_it_is_over(client: Client, dataset: Dataset, htmx: bool):
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    state = page(detail(client, run, htmx=htmx)).select_one("#state")
    assert state["hx-get"] == reverse("inference:run-detail", args=[run.pk])
    assert state.select_one("a[href='{}']".format(state["hx-get"]))
    drain()
    response = detail(client, run, htmx=htmx)
    state = page(response).select_one("#state")
    assert not state.has_attr("hx-get")
    assert bool(page(response).select("html")) is not htmx
    assert state.select_one("progress")["value"] == "2"
    assert "The model said nothing." in state.select_one("table").text
    mute = dataset.traces.get(problem__text="mute")
    assert state.select_one(f"a[href='{reverse('traces:trace-detail', args=[mute.pk])}']")
    assert state.select_one(f"a[href^='{reverse('metrics:judge-list')}']")
    assert not state.select("form")


@pytest.mark.usefixtures("lead")
def test_a_run_that_no_worker_can_serve_says_so(client: Client, dataset: Dataset):
    run = start_run(builtin_scorer("arithmetic"), dataset=dataset, created_by=None)
    said = page(detail(client, run)).select_one(".notice.warning").text
    assert said.startswith("No worker serves the queue checker.")
    make_worker("checker@here", queue="checker", backends=())
    said = page(detail(client, run)).select_one(".notice.warning").text
    assert said.startswith("No worker of the queue checker can run the backend arithmetic;")
    Worker.objects.update(backends=["arithmetic"])
    assert not page(detail(client, run)).select(".notice.warning")
    cancel_run(run)
    assert not page(detail(client, run)).select(".notice.warning")


@pytest.mark.usefixtures("lead")
def test_a_failed_run_says_why_and_offers_to_try_again(client: Client, dataset: Dataset):
    run = start_run(scripted_scorer("stuck"), dataset=dataset, created_by=None)
    for _ in range(3):
        drain()
    shown = page(detail(client, run))
    assert "The device is gone. 2 traces in 1 shard" in " ".join(
        shown.select_one(".notice.error").text.split()
    )
    retry = reverse("inference:run-retry", args=[run.pk])
    assert shown.select_one(f"form[action='{retry}']")
    assert client.post(retry).url == reverse("inference:run-detail", args=[run.pk])
    run.refresh_from_db()
    assert run.status == "running"


@pytest.mark.usefixtures("lead")
def test_a_lead_cancels_a_run_once(client: Client, dataset: Dataset):
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    path = reverse("inference:run-cancel", args=[run.pk])
    response = client.post(path, follow=True)
    assert "1 shard will not be scored" in page(response).select_one(".notice").text
    run.refresh_from_db()
    assert run.status == "cancelled"
    response = client.post(path, follow=True)
    assert "is already" in page(response).select_one(".notice").text


@pytest.mark.usefixtures("lead")
def test_a_lead_adds_a_scorer(client: Client):
    path = reverse("inference:scorer-create")
    data = {"name": "prm-a", "backend": "qwen-prm", "model": "owner/model", "threshold": "0.4"}
    assert client.post(path, data).url == reverse("inference:scorer-list")
    assert Scorer.objects.get(name="prm-a").threshold == 0.4
    response = client.post(path, data | {"threshold": "0.6"})
    assert response.status_code == 400
    assert "with another recipe" in page(response).select_one(".errorlist").text
    assert "prm-a" in page(client.get(reverse("inference:scorer-list"))).select_one("table").text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"threshold": "2"}, "from 0 to 1"),
        ({"backend": "pure-prm", "threshold": "-2"}, "from -1 to 1"),
        ({"parameters": "[1]"}, "Enter a JSON object"),
        ({"parameters": '{"batch_tokens": NaN}'}, "Enter a JSON object"),
        ({"parameters": '{"speed": 1}'}, "unknown field `speed`"),
        ({"parameters": r'{"system": "\u0000"}'}, "U+0000"),
        ({"model": "  "}, "This field is required"),
        ({"name": "<script>alert(1)</script>"}, "is not a valid scorer name"),
    ],
)
@pytest.mark.usefixtures("lead")
def test_a_scorer_that_cannot_be_is_shown_again_with_a_sentence(
    client: Client, more: dict[str, str], said: str
):
    data = {"name": "prm-a", "backend": "qwen-prm", "model": "owner/model", **more}
    response = client.post(reverse("inference:scorer-create"), data)
    assert response.status_code == 400
    assert said in page(response).select_one(".errorlist").text
    assert "<script>alert" not in response.content.decode()
    assert Scorer.objects.count() == 0


@pytest.mark.usefixtures("lead")
def test_a_scorer_without_a_threshold_takes_its_backends(client: Client):
    data = {"name": "pure-a", "backend": "pure-prm", "model": "owner/model", "threshold": ""}
    client.post(reverse("inference:scorer-create"), data | {"parameters": '{"separator": "#"}'})
    scorer = Scorer.objects.get()
    assert (scorer.threshold, scorer.parameters) == (0.0, {"separator": "#"})


def test_an_annotator_looks_and_does_not_touch(client: Client, dataset: Dataset):
    client.force_login(make_user())
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    for path in [
        reverse("inference:run-list"),
        reverse("inference:scorer-list"),
        reverse("inference:run-detail", args=[run.pk]),
    ]:
        response = client.get(path)
        assert response.status_code == 200
        assert not page(response).select("main form")
    for name, args in [
        ("run-create", []),
        ("scorer-create", []),
        ("run-cancel", [run.pk]),
        ("run-retry", [run.pk]),
    ]:
        assert client.post(reverse(f"inference:{name}", args=args)).status_code == 403
    run.refresh_from_db()
    assert run.status == "queued"


def test_a_stranger_is_sent_to_the_login(client: Client, dataset: Dataset):
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    login = reverse("accounts:login")
    assert client.post(reverse("inference:run-cancel", args=[run.pk])).url.startswith(login)
    assert detail(client, run).url.startswith(login)
    run.refresh_from_db()
    assert run.status == "queued"


@pytest.mark.usefixtures("lead")
def test_wrong_ids_and_methods(client: Client):
    assert client.get(reverse("inference:run-detail", args=[10**9])).status_code == 404
    for name in ("run-cancel", "run-retry"):
        assert client.post(reverse(f"inference:{name}", args=[10**9])).status_code == 404
        assert client.get(reverse(f"inference:{name}", args=[1])).status_code == 405
    assert client.post(reverse("inference:run-list")).status_code == 405
