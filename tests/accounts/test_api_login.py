import pytest
from django.test import Client
from django.urls import reverse

from accounts.tokens import make_token
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
