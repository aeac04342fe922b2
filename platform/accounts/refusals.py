"""How a page and a command show a refusal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django import forms
from django.contrib import messages
from django.core.management import CommandError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.errors import Refused
from accounts.rules import UserRequest, UserView

P = ParamSpec("P")
T = TypeVar("T")


def show_refusals(page: str, *arguments: str) -> Callable[[UserView[P]], UserView[P]]:
    """Decorate a view so that a refusal is shown as a message on a page.

    `page` is the name of its URL, whose `arguments` are those of the same names of the view.
    """

    def decorate(view: UserView[P]) -> UserView[P]:
        @wraps(view)
        def guarded(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except Refused as refusal:
                messages.error(request, str(refusal))
                return redirect(reverse(page, kwargs={name: kwargs[name] for name in arguments}))

        return guarded

    return decorate


@contextmanager
def show_refusals_on(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """Make a refusal inside the block an error of the form, or of one of its fields."""
    try:
        yield
    except Refused as refusal:
        form.add_error(field, str(refusal))


def exit_on_refusal(handle: Callable[P, T]) -> Callable[P, T]:
    """Decorate a command's `handle` so that a refusal ends it with the sentence and status 1."""

    @wraps(handle)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return handle(*args, **kwargs)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    return guarded
