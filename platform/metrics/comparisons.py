"""Every judge against one of them on the traces that both judged, corrected for their number."""

from dataclasses import dataclass

from metrics.figures import Figure
from metrics.frames import load
from metrics.paired import Comparison, compare_traces, holm
from metrics.questions import Question


@dataclass(frozen=True, slots=True)
class Compared:
    """`of`'s figures minus those of the judge compared with; `adjusted_p` is Holm's."""

    judge: int
    comparison: Comparison
    adjusted_p: float | None


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
        found.append((other, comparison))
    adjusted = holm([comparison.f1.permutation_p for _, comparison in found])
    return [
        Compared(other, comparison, p)
        for (other, comparison), p in zip(found, adjusted, strict=True)
    ]


COMPARISONS = Figure("comparisons", 1, list[Compared], comparisons)


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
