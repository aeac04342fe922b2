"""Table of the leaderboard: figures, each with its mark on a scale to 100."""

from dataclasses import dataclass, replace

from metrics.judges.leaderboard import JudgeScore, Leaderboard, kind_of
from metrics.judges.leaderboard_page import ComparisonsView
from metrics.pages.judge_name import judge_name
from metrics.pages.tables import Mark, format_percent, percent_of_scale
from metrics.stats.published_scores import PUBLISHED, PublishedScore, applies_to


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One subset's F1; `detail` gives its interval and accuracies in words."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class JudgeRow:
    name: str
    kind: str
    judge_id: int | None  # None: a published figure, not measured here
    mark: Mark | None
    mean: str
    interval: str
    cells: list[FigureCell]
    note: str
    value: float | None
    difference: str = ""
    difference_detail: str = ""
    is_different: bool = False


SIGNIFICANT = 0.05


def judge_rows(
    board: Leaderboard, *, published: bool, compared: ComparisonsView | None = None
) -> list[JudgeRow]:
    """Return measured and published rows together, best first."""
    rows = [_compared(_measured(board, row), compared) for row in board.judges]
    names = [subset.name for subset in board.subsets]
    if published and board.dataset and applies_to(names):
        rows += [_published(names, one) for one in PUBLISHED]
    return sorted(rows, key=lambda row: (row.value is None, -(row.value or 0)))


def p_value(p: float | None) -> str:
    if p is None:
        return "–"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _measured(board: Leaderboard, row: JudgeScore) -> JudgeRow:
    return JudgeRow(
        name=judge_name(row.judge),
        kind=kind_of(row.judge),
        judge_id=row.judge.pk,
        mark=_mark(row),
        mean=format_percent(row.mean_f1),
        interval=f"{row.interval.low:.1f} to {row.interval.high:.1f}" if row.interval else "",
        cells=[_cell(row, subset.name) for subset in board.subsets],
        note=_note(board, row),
        value=row.mean_f1,
    )


def _compared(row: JudgeRow, compared: ComparisonsView | None) -> JudgeRow:
    """Return the row with its difference from the baseline judge on the traces of both."""
    if compared is None:
        return row
    if row.judge_id == compared.base.pk:
        return replace(row, difference="baseline")
    found = compared.by_judge.get(row.judge_id or 0)
    if found is None or found.comparison.f1.value is None:
        return row
    one = found.comparison
    interval = one.f1.interval
    adjusted_p = compared.adjusted_p[found.judge]
    between = f"{interval.low:+.1f} to {interval.high:+.1f}, " if interval else ""
    return replace(
        row,
        difference=f"{one.f1.value:+.1f}",
        difference_detail=f"{between}{p_value(adjusted_p)} over {one.traces:,} traces; "
        f"only this judge right on {one.only_first:,}, only the baseline on {one.only_second:,}, "
        f"McNemar {p_value(one.mcnemar_p)}",
        is_different=adjusted_p is not None and adjusted_p < SIGNIFICANT,
    )


def _published(names: list[str], one: PublishedScore) -> JudgeRow:
    mean = one.mean_over(names)
    return JudgeRow(
        name=one.name,
        kind=one.kind,
        judge_id=None,
        mark=Mark(at=percent_of_scale(mean)) if mean is not None else None,
        mean=format_percent(mean),
        interval="",
        cells=[FigureCell(format_percent(one.f1(name)), one.source) for name in names],
        note=f"published, {one.source}",
        value=mean,
    )


def _mark(row: JudgeScore) -> Mark | None:
    if row.mean_f1 is None:
        return None
    if row.interval is None:
        return Mark(at=percent_of_scale(row.mean_f1))
    return Mark(
        at=percent_of_scale(row.mean_f1),
        low=percent_of_scale(row.interval.low),
        width=percent_of_scale(row.interval.high - row.interval.low),
    )


def _cell(row: JudgeScore, name: str) -> FigureCell:
    found = row.subsets.get(name)
    if found is None:
        return FigureCell(format_percent(None), "no verdicts")
    one = found.score
    interval = found.interval
    between = f"95 % interval {interval.low:.1f} to {interval.high:.1f}; " if interval else ""
    return FigureCell(
        format_percent(one.f1),
        f"{between}{format_percent(one.accuracy_erroneous)} % of errors found, "
        f"{format_percent(one.accuracy_correct)} % of correct traces accepted; {one.n:,} traces",
    )


def _note(board: Leaderboard, row: JudgeScore) -> str:
    """Return a note on coverage, if the figure rests on a part of the traces or subsets."""
    parts = [f"{row.judged:,}"]
    if row.judged != board.labelled:
        parts = [f"{row.judged:,} of {board.labelled:,}"]
    if row.defined_subsets != len(board.subsets):
        parts.append(f"{row.defined_subsets} of {len(board.subsets)} subsets")
    if row.unparsable:
        parts.append(f"{row.unparsable:,} unparsable")
    return " · ".join(parts)
