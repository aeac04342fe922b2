import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_address_of_a_form_says_what_it_is(client: Client):
    client.force_login(make_user(role="lead"))
    path = reverse("inference:run-create")
    response = client.get(path)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "form submissions" in response.content.decode()
    answer = client.put("/api/runs")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    assert answer.json()["detail"] == "This address accepts GET, POST, not PUT."
