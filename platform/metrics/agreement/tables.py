"""Tables of the agreement pages: figures between -1 and 1 with their intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.agreement.report import RaterGroup, RaterPair
from metrics.pages.tables import (
    SHADES,
    FigureRow,
    ShadedCell,
    ShadedRow,
    format_range,
    unit_mark,
)
from metrics.pages.trace_links import TraceLinks
from metrics.stats.agreement import Agreement
from metrics.stats.bootstrap import Estimate


def agreement_rows(
    names: Sequence[tuple[int, str]],
    values: dict[tuple[int, int], tuple[float | None, int]],
    links: TraceLinks,
) -> list[ShadedRow]:
    """Return a row a judge, with the value (0 to 1) and the traces of each pair."""
    rows = []
    for first, name in names:
        cells = []
        for second, other in names:
            value, traces = values.get((min(first, second), max(first, second)), (None, 0))
            if first == second or not traces:
                cells.append(ShadedCell("" if first == second else "–", 0, "", ""))
                continue
            cells.append(
                ShadedCell(
                    text="–" if value is None else f"{value:.2f}",
                    shade=round(SHADES * max(value or 0, 0)),
                    link=links.to(judge=first, other=second, finding="disagree"),
                    detail=f"{name} and {other}: {traces:,} traces",
                )
            )
        rows.append(ShadedRow(name, "", cells))
    return rows


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Figures in the order of `GROUP_HEADS` or `PAIR_HEADS`, each with its interval."""

    name: str
    traces: str
    figures: list[tuple[str, str]]
    link: str = ""


MEANINGS = (
    ("exact", "Exact step", "share of pairs of people who agree on the step, or on no error"),
    ("within", "Within one step", "as above, counting neighbouring steps as agreement"),
    ("fleiss", "Fleiss’ κ", "agreement beyond chance: 0 is chance, 1 is perfect"),
    ("alpha_nominal", "Krippendorff’s α, nominal", "all disagreements count equally"),
    ("alpha_ordinal", "Krippendorff’s α, ordinal", "disagreement between near steps counts less"),
    ("found_exact", "Error vs. no error", "agreement on whether there is an error at any step"),
    ("found_fleiss", "Fleiss’ κ (error vs. no error)", "agreement beyond chance"),
    (
        "found_alpha",
        "Krippendorff’s α (error vs. no error)",
        "agreement beyond chance, corrected for missing labels",
    ),
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


def _text(estimate: Estimate) -> tuple[str, str]:
    value = "–" if estimate.value is None else f"{estimate.value:.2f}"
    return value, format_range(estimate.interval, 2)
