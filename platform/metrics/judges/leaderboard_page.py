"""The leaderboard of a page: from the summaries, or over a filter's traces."""

from dataclasses import dataclass

from metrics.judges.comparison import COMPARISONS, JudgeComparison
from metrics.judges.filtered_counts import SELECTED
from metrics.judges.interval_cache import cached_f1_intervals
from metrics.judges.leaderboard import Leaderboard, build_leaderboard
from metrics.pages.filters import FigureFilter
from metrics.pages.judge_name import judge_name
from metrics.reports.cache import ReportResult, get_report
from metrics.stats.paired_tests import CORRECTIONS, Correction
from metrics.summaries.live_queries import LiveCounts
from metrics.summaries.queries import summary_counts
from traces.models import Judge


@dataclass(frozen=True, slots=True)
class LeaderboardView:
    """A leaderboard; `board` is None while a worker first counts the selection."""

    board: Leaderboard | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class ComparisonsView:
    """Each judge's figures minus those of `base`, by judge.

    `adjusted_p` has the p-values of the difference in F1 after `correction` for their number.
    """

    base: Judge
    by_judge: dict[int, JudgeComparison]
    adjusted_p: dict[int, float | None]
    correction: Correction
    is_stale: bool

    @property
    def base_name(self) -> str:
        return judge_name(self.base)


def leaderboard_view(form: FigureFilter, *, judge: int | None = None) -> LeaderboardView:
    """Return the leaderboard of all judges, or of one."""
    dataset, reference = form.chosen_dataset, form.cleaned_data.get("reference")
    if form.cleaned_data.get("selection"):
        shown = get_report(SELECTED, form.metrics_query(judge=judge))
        found, is_stale = shown.value, shown.is_stale
    else:
        only = None if judge is None else [judge]
        found, is_stale = summary_counts(form.datasets, dataset, reference, judges=only), False
    if found is None:
        return LeaderboardView(None, is_stale)
    return LeaderboardView(_board(form, found), is_stale)


def comparisons_view(form: FigureFilter, board: Leaderboard) -> ComparisonsView | None:
    """Return comparisons with the judge that the address names, or with the best.

    None where there are fewer than two judges.
    """
    chosen = form.cleaned_data.get("against")
    measured = [row.judge for row in board.judges if row.mean_f1 is not None]
    base = chosen or (measured[0] if measured else None)
    if base is None or len(board.judges) < 2:
        return None
    shown: ReportResult[list[JudgeComparison]] = get_report(
        COMPARISONS, form.metrics_query(judge=base.pk)
    )
    rows = shown.value or []
    correction = CORRECTIONS[form.cleaned_data.get("correction") or next(iter(CORRECTIONS))]
    adjusted = correction.adjust([row.comparison.f1.permutation_p for row in rows])
    judges = [row.judge for row in rows]
    return ComparisonsView(
        base=base,
        by_judge=dict(zip(judges, rows, strict=True)),
        adjusted_p=dict(zip(judges, adjusted, strict=True)),
        correction=correction,
        is_stale=shown.is_stale,
    )


def _board(form: FigureFilter, found: LiveCounts) -> Leaderboard:
    return build_leaderboard(
        form.chosen_dataset,
        form.cleaned_data.get("reference"),
        found,
        intervals=cached_f1_intervals,
    )
