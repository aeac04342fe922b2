import json

import pytest
from django.test import Client

from tests.factories import make_dataset, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


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
