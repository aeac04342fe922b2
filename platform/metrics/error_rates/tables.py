"""Tables of the true-error-rate page."""

from dataclasses import dataclass

from metrics.error_rates.report import FORMS, Form, TrueRate, TrueRates
from metrics.pages.tables import Mark, format_range, unit_mark
from metrics.stats.bootstrap import Estimate
from traces.models import Generator


@dataclass(frozen=True, slots=True)
class FormRow:
    """One estimate as a row; `warning` says why the interval may not hold."""

    name: str
    mark: Mark | None
    value: str
    interval: str
    gain: str
    needed: str
    warning: str


@dataclass(frozen=True, slots=True)
class RateTable:
    """Estimates of all generators together, or of one."""

    name: str
    generator: int | None
    traces: str
    labels: str
    by_model: str
    forms: list[FormRow]

    @property
    def alone(self) -> str:
        """Return the estimate from the labels alone, with its interval."""
        found = [row for row in self.forms if row.name == FORMS["classical"]]
        return f"{found[0].value} ({found[0].interval})" if found else "–"


FEW_LABELS = "too few labels for a normal interval: use the first row"


def rate_rows(found: TrueRates) -> list[RateTable]:
    numbers = [rate.generator for rate in found.rates if rate.generator is not None]
    names = {one.pk: str(one) for one in Generator.objects.filter(pk__in=numbers)}
    return [
        RateTable(
            name="All traces" if rate.generator is None else names.get(rate.generator, "–"),
            generator=rate.generator,
            traces=f"{rate.traces:,}",
            labels=f"{rate.labels:,}",
            by_model=_percent(rate.by_model),
            forms=[_form_row(form, rate) for form in rate.forms],
        )
        for rate in found.rates
    ]


def _form_row(form: Form, rate: TrueRate) -> FormRow:
    estimate = form.estimate
    return FormRow(
        name=FORMS[form.name],
        mark=unit_mark(Estimate(estimate.value, estimate.interval)),
        value=_percent(estimate.value),
        interval=f"{100 * estimate.interval.low:.1f} to {100 * estimate.interval.high:.1f}",
        gain="" if form.gain is None else f"× {form.gain:.2f}",
        needed=_needed(form.needed, rate.traces - rate.labels),
        warning=FEW_LABELS if form.is_normal and not rate.normal_holds else "",
    )


def _needed(needed: int | None, left: int) -> str:
    """Return the number of labels needed, and say so if it exceeds the unlabelled traces `left`."""
    if needed is None:
        return "needs more traces, not labels"
    if needed > left:
        return f"{needed:,}; only {left:,} left"
    return "none: reached" if needed == 0 else f"{needed:,}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def estimate_cells(estimate: Estimate) -> tuple[str, str]:
    value = "–" if estimate.value is None else f"{estimate.value:.3f}"
    return value, format_range(estimate.interval, 3)
