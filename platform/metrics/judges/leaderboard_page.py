"""The leaderboard that a page is about: from the summaries, or over a selection of traces."""

from dataclasses import dataclass

from metrics.judges.comparison import COMPARISONS, Compared
from metrics.judges.filtered_counts import SELECTED
from metrics.judges.interval_cache import remembered_f1_intervals
from metrics.judges.leaderboard import Leaderboard, board_of
from metrics.pages.filters import FigureFilter
from metrics.pages.judge_name import judge_name
from metrics.reports.cache import Shown, ask
from metrics.stats.paired_tests import CORRECTIONS, Correction
from metrics.summaries.live_queries import Counted
from metrics.summaries.queries import summed
from traces.models import Judge


@dataclass(frozen=True, slots=True)
class ShownBoard:
    """`board` is None while a worker counts the selection for the first time."""

    board: Leaderboard | None
    is_behind: bool


@dataclass(frozen=True, slots=True)
class ShownComparisons:
    """Each judge's figures minus those of `base`, by judge.

    `adjusted_p` has the p-values of the difference in F1 after `correction` for their number.
    """

    base: Judge
    by_judge: dict[int, Compared]
    adjusted_p: dict[int, float | None]
    correction: Correction
    is_behind: bool

    @property
    def base_name(self) -> str:
        return judge_name(self.base)


def shown_board(form: FigureFilter, *, judge: int | None = None) -> ShownBoard:
    """Of all judges, or of one."""
    dataset, reference = form.chosen_dataset, form.cleaned_data.get("reference")
    if form.cleaned_data.get("selection"):
        shown = ask(SELECTED, form.question(judge=judge))
        found, is_behind = shown.value, shown.is_behind
    else:
        only = None if judge is None else [judge]
        found, is_behind = summed(form.datasets, dataset, reference, judges=only), False
    if found is None:
        return ShownBoard(None, is_behind)
    return ShownBoard(_board(form, found), is_behind)


def shown_comparisons(form: FigureFilter, board: Leaderboard) -> ShownComparisons | None:
    """Against the judge that the address names, or the best; None where there are no two."""
    chosen = form.cleaned_data.get("against")
    measured = [row.judge for row in board.judges if row.mean_f1 is not None]
    base = chosen or (measured[0] if measured else None)
    if base is None or len(board.judges) < 2:
        return None
    shown: Shown[list[Compared]] = ask(COMPARISONS, form.question(judge=base.pk))
    rows = shown.value or []
    correction = CORRECTIONS[form.cleaned_data.get("correction") or next(iter(CORRECTIONS))]
    adjusted = correction.adjust([row.comparison.f1.permutation_p for row in rows])
    judges = [row.judge for row in rows]
    return ShownComparisons(
        base=base,
        by_judge=dict(zip(judges, rows, strict=True)),
        adjusted_p=dict(zip(judges, adjusted, strict=True)),
        correction=correction,
        is_behind=shown.is_behind,
    )


def _board(form: FigureFilter, found: Counted) -> Leaderboard:
    return board_of(
        form.chosen_dataset,
        form.cleaned_data.get("reference"),
        found,
        intervals=remembered_f1_intervals,
    )
