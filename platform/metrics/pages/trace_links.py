"""Links from a figure to its traces: a dataset's list with its filter set."""

from itertools import pairwise

from django.http import QueryDict
from django.urls import reverse

from metrics.pages.filters import FigureFilter
from metrics.stats.breakdown import LENGTHS, band_names
from metrics.stats.confusion_matrix import BINS
from traces.models import Dataset

POSITIONS = [
    *(
        f"{start + 1}" if end - start == 1 else f"{start + 1}-{end}"
        for start, end in pairwise(BINS)
    ),
    f"{BINS[-1] + 1}-",
    "none",
    "unusable",
]


class TraceLinks:
    """Links within one dataset; empty where the page is about several."""

    def __init__(self, form: FigureFilter) -> None:
        self.dataset: Dataset | None = form.chosen_dataset
        saved = form.cleaned_data.get("selection")
        self.choices = dict(saved.choices) if saved else {}
        reference = form.cleaned_data.get("reference")
        own = getattr(self.dataset, "reference_judge", None)
        self.reference: int | None = reference.pk if reference else own.pk if own else None

    def to(self, **chosen: str | int | None) -> str:
        if self.dataset is None:
            return ""
        query = QueryDict(mutable=True)
        for name, value in {**self.choices, **chosen}.items():
            if value not in (None, ""):
                query[name] = str(value)
        address = reverse("traces:dataset-detail", args=[self.dataset.name])
        return f"{address}?{query.urlencode()}"


def length_choice(name: str) -> dict[str, int]:
    """Return the trace filter of a band of lengths, by the band's name."""
    number = band_names().index(name)
    last = {"most": LENGTHS[number + 1] - 1} if number + 1 < len(LENGTHS) else {}
    return {"fewest": LENGTHS[number], **last}
