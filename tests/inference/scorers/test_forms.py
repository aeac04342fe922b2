"""The form for critics."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inference.models import Scorer

pytestmark = pytest.mark.django_db

CREATE = {"name": "critic-a", "backend": "critic", "model": "qwen", "endpoint": "http://gpu-1:8000"}


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def create(client: Client, **more: Any) -> Any:
    return client.post(reverse("inference:critic-create"), CREATE | more)


@pytest.mark.usefixtures("lead")
def test_a_prompt_comes_in_a_file(client: Client):
    text = "{problem}\r\nand\n{tagged_response} \\boxed{{}}"
    create(client, prompt_file=SimpleUploadedFile("p.txt", text.encode()))
    assert Scorer.objects.get().parameters["prompt"] == text


@pytest.mark.usefixtures("lead")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"endpoint": ""}, "name either an endpoint"),
        ({"endpoint": "file:///etc/passwd"}, "is not an endpoint"),
        ({"prompt": "{problem} {x} {tagged_response}"}, "a place for 'x'"),
        ({"samples": "8"}, "At temperature 0 all 8 samples are the same"),
        ({"api_key_env": "sk-1"}, "never the key itself"),
        ({"more": "[1]"}, "Enter a JSON object"),
        ({"more": "{"}, "Enter a JSON object"),
        ({"more": '{"speed": 1}'}, "unknown field `speed`"),
        ({"backend": "qwen-prm"}, "not one of the available choices"),
        ({"backend": "gen-prm", "parse": "tolerant"}, "unknown field `parse`"),
        ({"prompt_file": SimpleUploadedFile("p.txt", b"\xff")}, "isn't UTF-8 text"),
    ],
)
def test_a_recipe_that_cannot_be_is_shown_again_with_a_sentence(
    client: Client, more: dict[str, Any], said: str
):
    response = create(client, **more)
    assert response.status_code == 400
    assert said in page(response).select_one(".errorlist").text
    assert Scorer.objects.count() == 0
