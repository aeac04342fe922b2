import pytest
from django.test import Client

from tests.factories import make_dataset, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


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
