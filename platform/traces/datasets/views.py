"""The pages of datasets and of a trace."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from traces.datasets.forms import SavedFilterForm
from traces.datasets.trace_filter import TraceFilter, filtered, page_of, subset_counts
from traces.datasets.trace_page import read_trace, verdicts_to_read
from traces.duplicates import benchmark_matches
from traces.models import Dataset, ProblemVariant, Trace


@require_safe
@users_only
def dataset_list(request: UserRequest) -> HttpResponse:
    """Show the datasets that the user may see."""
    datasets = Dataset.objects.visible_to(request.user).with_trace_count().order_by("-created_at")
    return render(request, "traces/datasets/list.html", {"datasets": datasets})


@require_safe
@users_only
def dataset_detail(request: UserRequest, name: str) -> HttpResponse:
    """Show a page of the dataset's traces that match the filter."""
    dataset = get_object_or_404(Dataset.objects.visible_to(request.user), name=name)
    form = TraceFilter(request.GET, dataset=dataset)
    choices = form.cleaned_data if form.is_valid() else {}
    page = page_of(filtered(dataset, choices, reader=request.user), after=choices.get("after") or 0)
    context = {
        "dataset": dataset,
        "form": form,
        "subsets": subset_counts(dataset),
        "page": page,
        "saved_filters": dataset.saved_filters.order_by("name"),
        "naming": SavedFilterForm(),
        "benchmarks": benchmark_matches((trace.problem_id for trace in page.traces), request.user),
    }
    return render(request, "traces/datasets/detail.html", context)


@require_safe
@users_only
def trace_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show a trace with the verdicts that the user may read."""
    traces = Trace.objects.visible_to(request.user).select_related(
        "problem", "generator", "dataset"
    )
    trace = get_object_or_404(traces, pk=pk)
    verdicts = list(verdicts_to_read(trace, reader=request.user))
    labels = [v.earliest_error for v in verdicts if v.judge.kind == "reference"]
    reading = read_trace(trace, verdicts, focus=labels[0] if labels else None)
    context = {
        "reading": reading,
        "is_withheld": trace.verdicts.current().hidden_from(request.user).exists(),
        "benchmarks": benchmark_matches([trace.problem_id], request.user).get(trace.problem_id, []),
        "variant": ProblemVariant.objects.filter(problem=trace.problem_id).first(),
        "newer": trace.resegmentations.first() if not trace.is_current_segmentation else None,
    }
    return render(request, "traces/datasets/trace.html", context)
