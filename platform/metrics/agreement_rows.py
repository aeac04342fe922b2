"""Agreement of people as a page draws it: figures between -1 and 1 with their intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.agreement import Agreement
from metrics.agreements import RaterGroup, RaterPair
from metrics.bootstrap import Estimate
from metrics.judge_rows import Mark, percent_of_scale
from metrics.part_rows import between
from metrics.trace_links import TraceLinks


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure on a scale from 0 to 1; one below 0 is drawn at 0."""

    name: str
    meaning: str
    mark: Mark | None
    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Figures in the order of `GROUP_HEADS`, or of `PAIR_HEADS`, each with its interval."""

    name: str
    traces: str
    figures: list[tuple[str, str]]
    link: str = ""


MEANINGS = (
    ("exact", "The very step", "share of pairs of people who name the same step, or both none"),
    ("within", "A step at most one apart", "the same, a neighbouring step counting too"),
    ("fleiss", "Fleiss’ kappa", "beyond chance; 0 is chance, 1 perfect"),
    ("alpha_nominal", "Krippendorff’s alpha, nominal", "any two steps are equally far apart"),
    ("alpha_ordinal", "Krippendorff’s alpha, ordinal", "near steps are nearly alike"),
    ("found_exact", "An error at all", "whether there is one, wherever it is"),
    ("found_fleiss", "Fleiss’ kappa, an error at all", "beyond chance"),
    ("found_alpha", "Krippendorff’s alpha, an error at all", "beyond chance, for gaps corrected"),
)
GROUP_HEADS = ("exact", "within", "fleiss", "alpha_nominal", "alpha_ordinal", "found_alpha")
PAIR_HEADS = ("exact", "within", "cohen", "found_exact", "found_cohen")


def together_rows(found: Agreement) -> list[FigureRow]:
    return [_figure_row(name, meaning, getattr(found, field)) for field, name, meaning in MEANINGS]


def pair_rows(
    pairs: Sequence[RaterPair], names: Mapping[int, str], links: TraceLinks
) -> list[GroupRow]:
    return [
        GroupRow(
            name=f"{names.get(pair.first, '–')} and {names.get(pair.second, '–')}",
            traces=f"{pair.agreement.traces:,}",
            figures=[_text(getattr(pair.agreement, field)) for field in PAIR_HEADS],
            link=links.to(judge=pair.first, other=pair.second, finding="disagree"),
        )
        for pair in pairs
    ]


def group_rows(groups: Sequence[RaterGroup], names: Mapping[str, str]) -> list[GroupRow]:
    return [
        GroupRow(
            name=names.get(group.name, group.name),
            traces=f"{group.agreement.traces:,}",
            figures=[_text(getattr(group.agreement, field)) for field in GROUP_HEADS],
        )
        for group in groups
    ]


def _figure_row(name: str, meaning: str, estimate: Estimate) -> FigureRow:
    value, interval = _text(estimate)
    return FigureRow(name, meaning, unit_mark(estimate), value, interval)


def unit_mark(estimate: Estimate) -> Mark | None:
    """A mark on a scale from 0 to 1."""
    if estimate.value is None:
        return None
    at = percent_of_scale(100 * max(estimate.value, 0))
    if estimate.interval is None:
        return Mark(at=at)
    low, high = max(estimate.interval.low, 0), max(estimate.interval.high, 0)
    return Mark(at, percent_of_scale(100 * low), percent_of_scale(100 * (high - low)))


def _text(estimate: Estimate) -> tuple[str, str]:
    value = "–" if estimate.value is None else f"{estimate.value:.2f}"
    return value, between(estimate.interval, 2)
