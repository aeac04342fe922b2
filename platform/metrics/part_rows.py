"""Parts of a judge's or a generator's traces as a page draws them: a mark on a scale, and words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from metrics.bootstrap import Interval
from metrics.breakdowns import Part
from metrics.confusion import Confusion
from metrics.generator_profiles import ErrorShare
from metrics.judge_report import BREAKDOWNS, JudgeReport, generator_names, position_names
from metrics.judge_rows import Mark, percent_of_scale
from metrics.tables import figure
from metrics.trace_links import POSITIONS, TraceLinks, length_choice
from metrics.wilson import Rate

SHADES = 9


@dataclass(frozen=True, slots=True)
class PartRow:
    """Figures in percent; the links lead to the `traces` counted, and to those it got wrong.

    `of` is how many traces there are, where `traces` are only those with an error.
    """

    name: str
    mark: Mark | None
    value: str
    interval: str
    f1: str
    traces: str
    link: str
    wrong_link: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class PartTable:
    title: str
    rows: list[PartRow]

    @property
    def is_linked(self) -> bool:
        """Whether keys reach the table by a link in it, and so can scroll it."""
        return any(row.link or row.wrong_link for row in self.rows)


@dataclass(frozen=True, slots=True)
class ShadedCell:
    """`shade` is 0 to 9; `detail` says in words what the number is."""

    text: str
    shade: int
    link: str
    detail: str
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class ShadedRow:
    name: str
    total: str
    cells: list[ShadedCell]


def part_tables(report: JudgeReport, links: TraceLinks, judge: int) -> list[PartTable]:
    """A table for each way of parting that has something to show."""
    names = {"generator": generator_names(report.parts["generator"])}
    return [
        PartTable(
            title,
            [
                _part_row(part, names.get(kind, {}).get(part.name, part.name), links, judge, chosen)
                for part in report.parts[kind]
                for chosen in [_choice(kind, part.name, links)]
            ],
        )
        for kind, title in BREAKDOWNS.items()
        if report.parts[kind]
    ]


def share_rows(shares: Iterable[ErrorShare], link: Callable[[ErrorShare], str]) -> list[PartRow]:
    """Error rates, in percent, each with the way to the traces that have an error."""
    return [
        PartRow(
            name=share.name,
            mark=rate_mark(share.errors),
            value=figure(None if share.errors.value is None else 100 * share.errors.value),
            interval=rate_between(share.errors),
            f1="",
            traces=f"{share.errors.count:,}",
            link=link(share) if share.errors.count else "",
            of=f"{share.errors.of:,}",
        )
        for share in shares
    ]


def rate_mark(rate: Rate) -> Mark | None:
    if rate.value is None or rate.low is None or rate.high is None:
        return None
    return _mark(100 * rate.value, Interval(100 * rate.low, 100 * rate.high))


def rate_between(rate: Rate) -> str:
    if rate.low is None or rate.high is None:
        return ""
    return between(Interval(100 * rate.low, 100 * rate.high))


def between(interval: Interval | None, digits: int = 1) -> str:
    if interval is None:
        return ""
    return f"{interval.low:.{digits}f} to {interval.high:.{digits}f}"


def confusion_rows(found: Confusion, links: TraceLinks, judge: int) -> list[ShadedRow]:
    """A row for each place of the reference; shares are of the row."""
    names = [*position_names(), "no usable answer"]
    rows = []
    for i, counts in enumerate(found.counts.tolist()):
        total = sum(counts)
        if not total:
            continue
        cells = [
            ShadedCell(
                text=f"{count:,}" if count else "",
                shade=round(SHADES * count / total),
                link=links.to(
                    judge=judge,
                    says=POSITIONS[j],
                    other=links.reference,
                    other_says=POSITIONS[i],
                )
                if count
                else "",
                detail=f"reference: {_place(names[i])}; judge: {_place(names[j])}; "
                f"{100 * count / total:.0f} % of the row",
                is_right=i == j,
            )
            for j, count in enumerate(counts)
        ]
        rows.append(ShadedRow(names[i], f"{total:,}", cells))
    return rows


def confusion_heads() -> list[str]:
    return [*position_names(), "no usable answer"]


def agreement_rows(
    names: Sequence[tuple[int, str]],
    values: dict[tuple[int, int], tuple[float | None, int]],
    links: TraceLinks,
) -> list[ShadedRow]:
    """Every judge against every other; the value between 0 and 1 and the traces of each pair."""
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


def _part_row(
    part: Part, name: str, links: TraceLinks, judge: int, chosen: dict[str, str | int]
) -> PartRow:
    both = {"judge": judge, "other": links.reference}
    return PartRow(
        name=name,
        mark=_mark(part.accuracy, part.accuracy_interval),
        value=figure(part.accuracy),
        interval=between(part.accuracy_interval),
        f1=figure(part.score.f1),
        traces=f"{part.score.n:,}",
        link=links.to(**both, **chosen) if chosen else "",
        wrong_link=links.to(**both, **chosen, finding="disagree") if chosen else "",
    )


def _choice(kind: str, name: str, links: TraceLinks) -> dict[str, str | int]:
    """The filter of a part, by its name: of the traces on which the reference says something."""
    if kind == "position":
        return {"other_says": POSITIONS[position_names().index(name)]}
    if kind == "type":
        return {"other_error_type": name}
    return {"other_says": "usable", **_named(kind, name, links)}


def _named(kind: str, name: str, links: TraceLinks) -> dict[str, str | int]:
    if kind == "length":
        return dict(length_choice(name))
    if kind == "generator":
        return {"generator": name}
    # A subset without a name is called by its dataset's.
    return {"subset": "" if links.dataset and name == links.dataset.name else name}


def _mark(value: float, interval: Interval | None) -> Mark:
    if interval is None:
        return Mark(at=percent_of_scale(value))
    return Mark(
        at=percent_of_scale(value),
        low=percent_of_scale(interval.low),
        width=percent_of_scale(interval.high - interval.low),
    )


def _place(name: str) -> str:
    return name if name.startswith("no") else f"step {name}"
