from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from inference.worker_page import worker_rows


@require_safe
@users_only
def worker_list(request: UserRequest) -> HttpResponse:
    template = "inference/worker_list.html"
    if getattr(request, "htmx", False):
        template += "#workers"
    return render(request, template, {"rows": worker_rows(request.user)})
