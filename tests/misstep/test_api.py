"""The API's door: tokens, sessions, and the page that describes it."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.tokens import make_token
from misstep.api import api
from misstep.api.description import groups, shapes
from tests.factories import make_dataset, make_scorer, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_a_stranger_gets_401(client: Client):
    assert client.get("/api/datasets").status_code == 401
    assert client.get("/api/datasets", headers=bearer("misstep_made-up")).status_code == 401
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/api/runs", {}, content_type=JSON).status_code == 401


def test_a_token_reads_and_an_annotators_does_not_write(client: Client):
    make_dataset("traces")
    _, text = make_token(make_user(), "laptop")
    answer = client.get("/api/datasets", headers=bearer(text))
    assert [dataset["name"] for dataset in answer.json()] == ["traces"]
    answer = client.post("/api/runs", {}, content_type=JSON, headers=bearer(text))
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "Only leads can do this. Ask a lead to change your role.",
    )


def test_a_session_writes_with_its_csrf_token_alone():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(role="lead"))
    body = {"scorer": make_scorer("checks").name, "dataset": make_dataset("traces").name}
    refused = client.post("/api/runs", body, content_type=JSON)
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "Requests from a session that change data need its CSRF token in the header X-CSRFToken.",
    )
    client.get(reverse("inference:run-list"))
    token = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert client.post("/api/runs", body, content_type=JSON, headers=token).status_code == 201


def test_a_token_needs_no_csrf_token():
    client = Client(enforce_csrf_checks=True)
    _, text = make_token(make_user(role="lead"), "laptop")
    body = {"scorer": make_scorer("checks").name, "dataset": make_dataset("traces").name}
    answer = client.post("/api/runs", body, content_type=JSON, headers=bearer(text))
    assert answer.status_code == 201


def test_the_page_describes_every_operation(client: Client):
    client.force_login(make_user())
    page = BeautifulSoup(client.get(reverse("api-docs")).content, "html.parser")
    shown = {code.text for code in page.select("th code")}
    paths = client.get(reverse("api:openapi-json")).json()["paths"]
    every = {f"{m.upper()} {path}" for path, methods in paths.items() for m in methods}
    assert shown == every
    assert "POST /api/runs/{pk}/{verb}" in shown


def test_answers_are_described_with_what_is_within_them():
    found = {shape.name: dict(shape.fields) for shape in shapes(api.get_openapi_schema())}
    assert found["TracePage"] == {"traces": "list of TraceOut", "next_after": "integer or null"}
    assert found["TraceOut"]["steps"] == "list of string"
    assert "RunIn" not in found


def test_a_body_is_described_by_its_fields():
    (create,) = (
        operation
        for operation in groups(api.get_openapi_schema())["scoring"]
        if (operation.method, operation.path) == ("POST", "/api/runs")
    )
    told = {(one.name, one.place, one.kind, one.required) for one in create.parameters}
    assert ("scorer", "body", "string", True) in told
    assert ("priority", "body", "low or normal or high", False) in told
    assert create.answer == "201 RunOut"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "sentence"),
    [
        ("get", "datasets/nope", None, 404, "No such dataset, or you don't have access to it."),
        ("get", "runs/9", None, 404, "No such scoring run, or you don't have access to it."),
        ("post", "scorers", {"name": "a"}, 422, "backend is missing in the body."),
        (
            "post",
            "scorers",
            {"name": "a", "backend": "arithmetic", "thresold": 1},
            422,
            "Unknown field thresold. /api/docs lists all fields.",
        ),
        (
            "post",
            "datasets/traces/rule-counts",
            {"labels": ["reference"]},
            422,
            "Unknown field labels. /api/docs lists all fields.",
        ),
        (
            "post",
            "exports",
            {"dataset": "traces", "recipe": "prm", "for_training": True},
            422,
            "Unknown field for_training. /api/docs lists all fields.",
        ),
        (
            "post",
            "runs",
            {"scorer": "a", "dataset": "traces", "priority": "soon"},
            422,
            "priority in the body: input should be 'low', 'normal' or 'high'.",
        ),
        (
            "get",
            "datasets/traces/traces?limit=x",
            None,
            422,
            "limit in the query: input should be a valid integer, unable to parse string as an "
            "integer.",
        ),
        (
            "get",
            "runs?dataset=traces",
            None,
            422,
            "Unknown query parameter dataset; this address takes before, status.",
        ),
        (
            "get",
            "datasets/traces/verdicts?name=traces",
            None,
            422,
            "Unknown query parameter name; this address takes after, judge, limit.",
        ),
        (
            "post",
            "runs?asked=%F0%9F%98%80",
            {"scorer": "checks", "dataset": "traces"},
            422,
            "Unknown query parameter asked; it takes none.",
        ),
        (
            "get",
            "runs?status=done",
            None,
            422,
            "status in the query: input should be 'queued', 'running', 'paused', 'finished', "
            "'failed' or 'cancelled'.",
        ),
    ],
)
def test_refusals_are_sentences(
    client: Client, method: str, path: str, body: object, status: int, sentence: str
):
    make_dataset("traces")
    client.force_login(make_user(role="lead"))
    answer = client.generic(method.upper(), f"/api/{path}", json.dumps(body), content_type=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (status, sentence)


def test_a_body_that_is_no_json_and_a_stranger_are_told_so(client: Client):
    assert client.get("/api/datasets").json()["detail"].startswith("Send an API token")
    client.force_login(make_user(role="lead"))
    answer = client.post("/api/runs", "{", content_type=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (400, "The body isn't valid JSON.")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            r'{"name": "a\u0000b", "backend": "arithmetic"}',
            "name in the body contains the character U+0000, which can't be stored. Remove it.",
        ),
        (
            r'{"name": "a", "recipe": {"prompts": ["\ud800"]}}',
            "recipe.prompts[0] in the body contains half of a surrogate pair. Send valid UTF-8.",
        ),
        (
            r'{"name": "a", "threshold": NaN}',
            "The body contains NaN, which isn't valid JSON. Use null or a number.",
        ),
    ],
)
def test_what_no_column_can_hold_is_refused_at_the_door(client: Client, body: str, sentence: str):
    client.force_login(make_user(role="lead"))
    answer = client.post("/api/scorers", body, content_type=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (422, sentence)


def test_so_it_is_in_a_query_and_in_an_address(client: Client):
    client.force_login(make_user(role="lead"))
    answer = client.get("/api/runs", {"status": "a\0"})
    assert answer.status_code == 422
    assert client.get("/api/datasets?%00=1").status_code == 422
    for path in ["datasets/%00", "datasets/%00/traces", "datasets/%ED%A0%80/leaderboard"]:
        answer = client.get(f"/api/{path}")
        assert answer.status_code == 404, path
        assert answer.json()["detail"]
    make_dataset("traces")
    answer = client.post("/api/datasets/traces/rules/%00", {"choices": {}}, content_type=JSON)
    assert (answer.status_code, "printable" in answer.json()["detail"]) == (409, True)
