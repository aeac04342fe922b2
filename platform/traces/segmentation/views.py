"""The page that splits a trace into other steps, by hand or with a splitter."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.rules import UserRequest, leads_only
from traces.models import Trace
from traces.segmentation.resegment import JOINT, resegment
from traces.segmentation.split import SPLITTERS, split_steps

SPLIT_CHOICES = [(name, name.replace("-", " ")) for name in SPLITTERS if name != "marker"]


class SplitForm(forms.Form):
    how = forms.ChoiceField(
        choices=[("", "current steps"), *SPLIT_CHOICES], required=False, label="Split by"
    )


class ResegmentForm(forms.Form):
    text = forms.CharField(
        label="Steps", strip=False, widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def trace_resegment(request: UserRequest, pk: int) -> HttpResponse:
    """Show the steps with a ruler between them, and store the version that is sent."""
    traces = Trace.objects.visible_to(request.user).select_related("dataset", "problem")
    trace = get_object_or_404(traces, pk=pk)
    ruler = _ruler(trace)
    way = SplitForm(request.GET)
    how = way.cleaned_data["how"] if way.is_valid() else ""
    steps = split_steps(JOINT.join(trace.steps), how) if how else trace.steps
    form = ResegmentForm(request.POST or None, initial={"text": f"\n{ruler}\n".join(steps)})
    if form.is_valid():
        lines = form.cleaned_data["text"].replace("\r\n", "\n").split("\n")
        try:
            made = resegment(trace, _parts(lines, ruler))
        except ValueError as error:
            form.add_error("text", str(error))
        else:
            left = f"; {made.left} stay with the old version" if made.left else ""
            messages.success(
                request,
                f"New version saved with {made.trace.step_count} steps. Verdicts copied: "
                f"{made.carried}{left}.",
            )
            return redirect("traces:trace-detail", made.trace.pk)
    context = {"trace": trace, "form": form, "way": way, "ruler": ruler, "step_count": len(steps)}
    return render(request, "traces/segmentation/resegment.html", context)


def _ruler(trace: Trace) -> str:
    """Return a line of dashes that no step contains."""
    ruler = "-----"
    while any(ruler in step for step in trace.steps):
        ruler += "-"
    return ruler


def _parts(lines: list[str], ruler: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == ruler:
            parts.append([])
        else:
            parts[-1].append(line)
    return ["\n".join(part) for part in parts]
