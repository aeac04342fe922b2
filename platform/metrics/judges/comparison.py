"""Comparison of every judge with one of them on the traces both judged, uncorrected."""

from dataclasses import dataclass

from metrics.reports.cache import CachedReport
from metrics.reports.label_matrix import load_label_matrix
from metrics.reports.query import MetricsQuery
from metrics.stats.paired_tests import Comparison, compare_traces


@dataclass(frozen=True, slots=True)
class JudgeComparison:
    """`judge`'s figures minus those of the judge compared with."""

    judge: int
    comparison: Comparison


def comparisons(query: MetricsQuery) -> list[JudgeComparison]:
    """Return the comparisons with `query.judge` of all judges that share labelled traces."""
    base = query.judge
    assert base is not None
    others = _judges(query)
    matrix = load_label_matrix(query, [base, *others], with_reference=True)
    found = []
    for place, other in enumerate(others, start=2):
        both = matrix.where(matrix.labelled() & matrix.judged(1) & matrix.judged(place))
        if not len(both):
            continue
        comparison = compare_traces(
            both.ratings(0),
            both.ratings(place),
            both.ratings(1),
            problems=both.problems,
            subsets=both.part,
        )
        found.append(JudgeComparison(other, comparison))
    return found


COMPARISONS = CachedReport("comparisons", 2, list[JudgeComparison], comparisons)


def _judges(query: MetricsQuery) -> list[int]:
    """Return the judges with verdicts, without the reference and the one compared with."""
    from metrics.models import Profile
    from traces.models import Judge

    own = Judge.objects.filter(dataset__in=query.datasets).values_list("pk", flat=True)
    left_out = {query.judge, query.reference}
    if query.reference is None:
        left_out |= set(own)
    judges = Profile.objects.filter(dataset_id__in=query.datasets).values_list(
        "judge_id", flat=True
    )
    return sorted(set(judges.distinct()) - left_out)
