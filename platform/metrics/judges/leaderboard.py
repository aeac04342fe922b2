"""Leaderboard: how well each judge finds the first error that a reference judge found.

The database counts, in one pass over the verdicts, and hands back one row for each judge, subset
and kind of problem; everything after that is arithmetic on a few hundred rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from metrics.stats.baselines import Baselines, baselines
from metrics.stats.bootstrap import Counts, Interval, Intervals, f1_intervals
from metrics.stats.confusion_matrix import Outcomes
from metrics.stats.processbench import SubsetScore, mean_f1, score_counts
from metrics.summaries.live_queries import LiveCounts, ProblemCounts, live_counts
from traces.models import Dataset, Judge

IntervalsOf = Callable[[Sequence[Counts]], Intervals]


@dataclass(frozen=True, slots=True)
class JudgeSubset:
    """One judge on one subset; it judged `score.n` of the subset's labelled traces."""

    name: str
    score: SubsetScore
    interval: Interval | None
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class JudgeScore:
    """One judge; `subsets` holds those in which it judged a labelled trace."""

    judge: Judge
    subsets: dict[str, JudgeSubset]
    mean_f1: float | None
    interval: Interval | None

    @property
    def judged(self) -> int:
        return sum(subset.score.n for subset in self.subsets.values())

    @property
    def unparsable(self) -> int:
        return sum(subset.score.unparsable for subset in self.subsets.values())

    @property
    def defined_subsets(self) -> int:
        return sum(subset.score.f1 is not None for subset in self.subsets.values())

    @property
    def outcomes(self) -> Outcomes:
        """Return the outcomes over all subsets."""
        parts = [astuple(subset.outcomes) for subset in self.subsets.values()]
        return Outcomes(*map(sum, zip(*parts, strict=True)))


@dataclass(frozen=True, slots=True)
class Subset:
    name: str
    labelled: int
    floors: Baselines


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """Judges by mean F1, best first; `reference` None means the dataset labels."""

    dataset: Dataset | None
    reference: Judge | None
    subsets: list[Subset]
    judges: list[JudgeScore]

    @property
    def labelled(self) -> int:
        return sum(subset.labelled for subset in self.subsets)

    @property
    def floors(self) -> Baselines:
        """Return the baselines' means over the subsets, as a judge's figure is a mean."""
        return Baselines(
            constant=mean_f1(subset.floors.constant for subset in self.subsets),
            final_answer=self._final_answer_floor(),
        )

    def _final_answer_floor(self) -> float | None:
        """Return the mean baseline, or None unless every subset with an F1 has one.

        A mean over other subsets would mislead.
        """
        scored = [s.floors for s in self.subsets if s.floors.constant is not None]
        known = all(floor.final_answer is not None for floor in scored)
        return mean_f1(floor.final_answer for floor in scored) if known else None


def leaderboard(
    dataset: Dataset | None = None,
    reference: Judge | None = None,
    *,
    judges: Iterable[int] | None = None,
) -> Leaderboard:
    """Return all judges, or those with these ids, against `reference` on its labelled traces.

    Without a dataset, over all of them; without a reference, against the labels that came with the
    data. A trace that a judge has not judged does not count for that judge. Three queries.
    """
    found = live_counts(dataset, reference, judges=judges)
    return build_leaderboard(dataset, reference, found, intervals=f1_intervals)


def build_leaderboard(
    dataset: Dataset | None,
    reference: Judge | None,
    found: LiveCounts,
    *,
    intervals: IntervalsOf,
) -> Leaderboard:
    """Build the leaderboard from counts. One query."""
    names = list(found.labels)
    scores = [
        _judge_score(judge, found.verdicts[judge.pk], names, intervals)
        for judge in Judge.objects.filter(pk__in=list(found.verdicts)).select_related(
            "scorer", "user"
        )
    ]
    scores.sort(key=_rank)
    subsets = [
        Subset(name, sum(row.traces for row in labels), baselines(labels))
        for name, labels in found.labels.items()
    ]
    return Leaderboard(dataset, reference, subsets, scores)


def kind_of(judge: Judge) -> str:
    """Return the judge's kind in a word; a model's is its scorer's kind."""
    if judge.kind != Judge.Kind.MODEL:
        return judge.kind
    scorer = getattr(judge, "scorer", None)
    kind = scorer.kind if scorer else judge.kind
    return "PRM" if kind == "prm" else str(kind)


def _judge_score(
    judge: Judge, rows: list[ProblemCounts], names: list[str], intervals_of: IntervalsOf
) -> JudgeScore:
    by_subset = {name: [row for row in rows if row.subset == name] for name in names}
    present = [name for name in names if by_subset[name]]
    intervals = intervals_of([_kinds(by_subset[name]) for name in present])
    subsets = {
        name: JudgeSubset(name, _score(by_subset[name]), interval, _outcomes(by_subset[name]))
        for name, interval in zip(present, intervals.subsets, strict=True)
    }
    mean = mean_f1(subset.score.f1 for subset in subsets.values())
    return JudgeScore(judge, subsets, mean, intervals.mean)


def _kinds(rows: list[ProblemCounts]) -> Counts:
    return np.array(
        [(r.erroneous, r.erroneous_found, r.correct, r.correct_found, r.problems) for r in rows],
        dtype=np.int64,
    )


def _score(rows: list[ProblemCounts]) -> SubsetScore:
    return score_counts(
        erroneous=sum(row.erroneous * row.problems for row in rows),
        erroneous_found=sum(row.erroneous_found * row.problems for row in rows),
        correct=sum(row.correct * row.problems for row in rows),
        correct_found=sum(row.correct_found * row.problems for row in rows),
        unparsable=sum(row.unparsable for row in rows),
    )


def _outcomes(rows: list[ProblemCounts]) -> Outcomes:
    return Outcomes(
        exact=sum(row.erroneous_found * row.problems for row in rows),
        too_early=sum(row.too_early for row in rows),
        too_late=sum(row.too_late for row in rows),
        missed=sum(row.missed for row in rows),
        accepted=sum(row.correct_found * row.problems for row in rows),
        false_alarm=sum(row.false_alarm for row in rows),
        unparsable=sum(row.unparsable for row in rows),
    )


def _rank(score: JudgeScore) -> tuple[bool, float, str, int]:
    return (score.mean_f1 is None, -(score.mean_f1 or 0), score.judge.name, score.judge.pk)
