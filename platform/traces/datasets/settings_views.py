"""The pages on which leads change a dataset: settings, members and saved filters."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules import UserRequest, leads_only
from traces.datasets.forms import DatasetForm, MemberForm, SavedFilterForm
from traces.datasets.trace_filter import TraceFilter
from traces.models import Dataset, DatasetMember, SavedFilter


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def dataset_settings(request: UserRequest, name: str) -> HttpResponse:
    """Show the settings and the members, and save the settings that are sent."""
    dataset = _dataset(request, name)
    form = DatasetForm(request.POST or None, instance=dataset)
    if form.is_valid():
        form.save()
        messages.success(request, f"Settings of {dataset.name} saved.")
        return redirect("traces:dataset-settings", dataset.name)
    return _settings_page(request, dataset, form, MemberForm(dataset=dataset))


@require_POST
@leads_only
def member_add(request: UserRequest, name: str) -> HttpResponse:
    """Add a member, or change an existing one's role."""
    dataset = _dataset(request, name)
    form = MemberForm(request.POST, dataset=dataset)
    if not form.is_valid():
        return _settings_page(request, dataset, DatasetForm(instance=dataset), form)
    member = form.save()
    messages.success(request, f"{member.user.username} added to {dataset.name} as {member.role}.")
    return redirect("traces:dataset-settings", dataset.name)


@require_POST
@leads_only
def member_remove(request: UserRequest, name: str, pk: int) -> HttpResponse:
    """Remove a member."""
    member = get_object_or_404(
        DatasetMember.objects.select_related("user"), dataset=_dataset(request, name), pk=pk
    )
    member.delete()
    messages.success(request, f"{member.user.username} removed from {name}.")
    return redirect("traces:dataset-settings", name)


@require_POST
@leads_only
def filter_save(request: UserRequest, name: str) -> HttpResponse:
    """Save the filter in the form under a name; an existing name gets the new choices."""
    dataset = _dataset(request, name)
    name_form = SavedFilterForm(request.POST)
    filter_form = TraceFilter(request.POST, dataset=dataset)
    for form in (name_form, filter_form):
        for problems in form.errors.values():
            messages.error(request, str(problems[0]))
    if name_form.is_valid() and filter_form.is_valid():
        saved, is_new = SavedFilter.objects.update_or_create(
            dataset=dataset,
            name=name_form.cleaned_data["name"],
            defaults={"choices": filter_form.active_filters, "created_by": request.user},
        )
        messages.success(request, f"Filter “{saved.name}” {'saved' if is_new else 'changed'}.")
    address = reverse("traces:dataset-detail", args=[dataset.name])
    return redirect(f"{address}?{urlencode(filter_form.active_filters)}")


@require_POST
@leads_only
def filter_delete(request: UserRequest, name: str, pk: int) -> HttpResponse:
    """Delete a saved filter."""
    saved = get_object_or_404(SavedFilter, dataset=_dataset(request, name), pk=pk)
    saved.delete()
    messages.success(
        request, f"Filter “{saved.name}” deleted. Queues, runs and exports that used it stay."
    )
    return redirect("traces:dataset-detail", name)


def _dataset(request: UserRequest, name: str) -> Dataset:
    return get_object_or_404(Dataset.objects.visible_to(request.user), name=name)


def _settings_page(
    request: UserRequest, dataset: Dataset, form: DatasetForm, member_form: MemberForm
) -> HttpResponse:
    context = {
        "dataset": dataset,
        "form": form,
        "member_form": member_form,
        "members": dataset.members.select_related("user").order_by("user__username"),
    }
    return render(request, "traces/datasets/settings.html", context)
