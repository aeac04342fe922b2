from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.management import CommandError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.errors import Refused
from accounts.people import PersonRefused
from accounts.refusals import exit_on_refusal, show_refusals, show_refusals_on
from annotations.errors import ReviewRefused
from exports.errors import RuleError
from exports.hub.push import PushRefused
from exports.lineage.withdrawal import WithdrawalRefused
from inference.errors import ScoringRefused
from misstep.local.errors import LocalServiceError
from traces.imports.import_job import ImportRefused
from training.errors import TrainingRefused
from training.jobs.errors import JobError


class NameForm(forms.Form):
    name = forms.CharField()


def request() -> Any:
    request = RequestFactory().post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


@pytest.mark.parametrize(
    "refusal",
    [
        ImportRefused,
        JobError,
        LocalServiceError,
        PersonRefused,
        PushRefused,
        ReviewRefused,
        RuleError,
        ScoringRefused,
        TrainingRefused,
        WithdrawalRefused,
    ],
)
def test_every_refusal_is_one(refusal: type[Exception]) -> None:
    assert issubclass(refusal, Refused)


def test_a_refusal_becomes_a_message_on_the_page_that_the_view_names() -> None:
    @show_refusals("accounts:person-detail", "pk")
    def view(request: Any, pk: int, other: str) -> HttpResponse:
        raise PersonRefused("There must be a lead.")

    posted = request()
    answer = view(posted, pk=7, other="x")
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("accounts:person-detail", args=[7]),
    )
    assert [(message.level_tag, str(message)) for message in get_messages(posted)] == [
        ("error", "There must be a lead.")
    ]


def test_a_view_that_refuses_nothing_answers_itself() -> None:
    @show_refusals("home")
    def view(request: Any) -> HttpResponse:
        return HttpResponse("done")

    posted = request()
    assert view(posted).content == b"done"
    assert list(get_messages(posted)) == []


def test_other_errors_of_a_view_stay_errors() -> None:
    @show_refusals("home")
    def view(request: Any) -> HttpResponse:
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        view(request())


@pytest.mark.parametrize(("field", "place"), [(None, "__all__"), ("name", "name")])
def test_a_refusal_becomes_an_error_of_the_form(field: str | None, place: str) -> None:
    form = NameForm({"name": "x"})
    assert form.is_valid()
    with show_refusals_on(form, field):
        raise RuleError("The name is taken.")
    assert form.errors == {place: ["The name is taken."]}


def test_a_command_ends_with_the_sentence() -> None:
    @exit_on_refusal
    def handle(number: int) -> int:
        if number < 0:
            raise ScoringRefused("Give a positive number.")
        return number

    assert handle(1) == 1
    with pytest.raises(CommandError, match=r"^Give a positive number\.$") as refused:
        handle(-1)
    assert refused.value.returncode == 1
