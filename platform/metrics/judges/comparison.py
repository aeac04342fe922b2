"""Every judge against one of them on the traces that both judged, uncorrected as yet."""

from dataclasses import dataclass

from metrics.reports.cache import Figure
from metrics.reports.label_matrix import load
from metrics.reports.query import Question
from metrics.stats.paired_tests import Comparison, compare_traces


@dataclass(frozen=True, slots=True)
class Compared:
    """`judge`'s figures minus those of the judge compared with."""

    judge: int
    comparison: Comparison


def comparisons(question: Question) -> list[Compared]:
    """All judges that share labelled traces with `question.judge`, by number."""
    base = question.judge
    assert base is not None
    others = _judges(question)
    frame = load(question, [base, *others], with_reference=True)
    found = []
    for place, other in enumerate(others, start=2):
        both = frame.where(frame.labelled() & frame.judged(1) & frame.judged(place))
        if not len(both):
            continue
        comparison = compare_traces(
            both.ratings(0),
            both.ratings(place),
            both.ratings(1),
            problems=both.problems,
            subsets=both.part,
        )
        found.append(Compared(other, comparison))
    return found


COMPARISONS = Figure("comparisons", 2, list[Compared], comparisons)


def _judges(question: Question) -> list[int]:
    """Those with verdicts here, but for the reference and the one compared with."""
    from metrics.models import Profile
    from traces.models import Judge

    own = Judge.objects.filter(dataset__in=question.datasets).values_list("pk", flat=True)
    left_out = {question.judge, question.reference}
    if question.reference is None:
        left_out |= set(own)
    judges = Profile.objects.filter(dataset_id__in=question.datasets).values_list(
        "judge_id", flat=True
    )
    return sorted(set(judges.distinct()) - left_out)
