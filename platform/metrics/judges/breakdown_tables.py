"""Tables of a judge's breakdowns and of its confusion matrix."""

from metrics.judges.report import BREAKDOWNS, JudgeReport, generator_names
from metrics.pages.tables import (
    SHADES,
    PartRow,
    PartTable,
    ShadedCell,
    ShadedRow,
    format_percent,
    format_range,
    interval_mark,
)
from metrics.pages.trace_links import POSITIONS, TraceLinks, length_choice
from metrics.stats.breakdown import Part
from metrics.stats.confusion_matrix import Confusion, position_names


def part_tables(report: JudgeReport, links: TraceLinks, judge: int) -> list[PartTable]:
    """Return a table for each breakdown that has parts to show."""
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


def confusion_rows(found: Confusion, links: TraceLinks, judge: int) -> list[ShadedRow]:
    """Return a row for each position of the reference; shares are of the row."""
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


def _part_row(
    part: Part, name: str, links: TraceLinks, judge: int, chosen: dict[str, str | int]
) -> PartRow:
    both = {"judge": judge, "other": links.reference}
    return PartRow(
        name=name,
        mark=interval_mark(part.accuracy, part.accuracy_interval),
        value=format_percent(part.accuracy),
        interval=format_range(part.accuracy_interval),
        f1=format_percent(part.score.f1),
        traces=f"{part.score.n:,}",
        link=links.to(**both, **chosen) if chosen else "",
        wrong_link=links.to(**both, **chosen, finding="disagree") if chosen else "",
    )


def _choice(kind: str, name: str, links: TraceLinks) -> dict[str, str | int]:
    """Return the trace filter of a part, by its name."""
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


def _place(name: str) -> str:
    return name if name.startswith("no") else f"step {name}"
