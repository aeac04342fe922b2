"""Tables of the generators' pages: figures, an interval's mark, a small histogram."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from metrics.error_rates.tables import estimate_cells
from metrics.generators.errors import FEW, GeneratorErrors
from metrics.generators.profile import ErrorShare
from metrics.generators.robustness import Robustness, kind_name
from metrics.pages.tables import (
    Mark,
    PartRow,
    format_percent,
    format_rate_range,
    percent_of_scale,
    rate_mark,
    unit_mark,
)
from metrics.stats.wilson import Rate
from traces.models import Generator


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the small histogram, as SVG percentages."""

    x: str
    y: str
    height: str
    detail: str


@dataclass(frozen=True, slots=True)
class GeneratorRow:
    generator: Generator
    traces: str
    mean_steps: str
    errors: str
    errors_interval: str
    mark: Mark | None
    right_by_wrong: str
    right_by_wrong_detail: str
    # Empty where there are too few errors; the page then shows `error_count` instead.
    bars: list[Bar]
    error_count: int
    main_type: str
    unparsable: int


def generator_rows(found: list[GeneratorErrors]) -> list[GeneratorRow]:
    """Return a row a generator, all histograms on one scale so that they compare."""
    shapes = {one.generator.pk: one.tenths if one.errors.count >= FEW else [] for one in found}
    highest = max((share for shape in shapes.values() for share in shape), default=1.0)
    return [
        GeneratorRow(
            generator=one.generator,
            traces=f"{one.traces:,}",
            mean_steps=f"{one.mean_steps:.1f}",
            errors=percentage(one.errors.value),
            errors_interval=_between(one.errors),
            mark=_mark(one.errors),
            right_by_wrong=percentage(one.right_by_wrong.value),
            right_by_wrong_detail=f"{one.right_by_wrong.count:,} of {one.right_by_wrong.of:,}",
            bars=_bars(shapes[one.generator.pk], highest),
            error_count=one.errors.count,
            main_type=next((name for name in one.error_types if name), ""),
            unparsable=one.unparsable,
        )
        for one in found
    ]


def percentage(fraction: float | None) -> str:
    return "–" if fraction is None else f"{fraction * 100:.1f} %"


def _between(rate: Rate) -> str:
    if rate.low is None or rate.high is None:
        return ""
    return f"{rate.low * 100:.1f} to {rate.high * 100:.1f}"


def _mark(rate: Rate) -> Mark | None:
    if rate.value is None or rate.low is None or rate.high is None:
        return None
    return Mark(
        at=percent_of_scale(rate.value * 100),
        low=percent_of_scale(rate.low * 100),
        width=percent_of_scale((rate.high - rate.low) * 100),
    )


def _bars(tenths: list[float], highest: float) -> list[Bar]:
    return [
        Bar(
            x=percent_of_scale(tenth * 10),
            y=percent_of_scale(100 * (1 - share / highest)),
            height=percent_of_scale(100 * share / highest),
            detail=f"{tenth * 10} to {tenth * 10 + 10} % of the trace: "
            f"{percentage(share)} of the errors",
        )
        for tenth, share in enumerate(tenths)
    ]


def share_rows(shares: Iterable[ErrorShare], link: Callable[[ErrorShare], str]) -> list[PartRow]:
    """Return error rates in percent, each with a link to the traces with an error."""
    return [
        PartRow(
            name=share.name,
            mark=rate_mark(share.errors),
            value=format_percent(None if share.errors.value is None else 100 * share.errors.value),
            interval=format_rate_range(share.errors),
            f1="",
            traces=f"{share.errors.count:,}",
            link=link(share) if share.errors.count else "",
            of=f"{share.errors.of:,}",
        )
        for share in shares
    ]


@dataclass(frozen=True, slots=True)
class RobustnessRow:
    name: str
    generator: int | None  # of the row for all kinds of change
    pairs: str
    mark: Mark | None
    figures: list[tuple[str, str]]


def robustness_rows(found: Sequence[Robustness]) -> list[RobustnessRow]:
    rows = []
    for one in found:
        figures = one.figures
        estimates = [
            figures.score,
            figures.accuracy,
            figures.variant_accuracy,
            figures.consistency,
        ]
        rows.append(
            RobustnessRow(
                name=str(one.generator) if one.kind is None else kind_name(one.kind),
                generator=one.generator.pk if one.kind is None else None,
                pairs=f"{figures.originals:,}",
                mark=unit_mark(figures.score),
                figures=[estimate_cells(estimate) for estimate in estimates],
            )
        )
    return rows
