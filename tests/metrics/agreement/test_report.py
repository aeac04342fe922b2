import pytest

from metrics.agreement.report import (
    PairFigures,
    judges_with_verdicts,
    pairwise_agreement,
    rater_agreement,
)
from metrics.reports.query import MetricsQuery
from metrics.summaries import refresh
from tests.factories import make_trace, make_user, make_verdict
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from traces.models import Dataset, Judge, Verdict

pytestmark = pytest.mark.django_db


def make_person(name: str) -> Judge:
    return Judge.objects.create(kind="human", name=name, user=make_user(name))


def judged_by_people() -> tuple[Dataset, list[Judge]]:
    """Make four traces that two people judged, agreeing on two of the three they share."""
    dataset, reference = make_dataset()
    traces = label_traces(dataset, reference, "math", [-1, 1, 2, 3])
    people = [make_person("ana"), make_person("ben")]
    judge_traces(people[0], traces, [-1, 1, 2, None])
    judge_traces(people[1], traces[:3], [-1, 1, 3])
    refresh.update()
    return dataset, people


def test_a_pairs_figures_are_of_the_traces_that_both_labelled() -> None:
    dataset, people = judged_by_people()
    first, second = (judge.pk for judge in people)
    figures = pairwise_agreement([dataset.pk], [first, second])
    assert set(figures) == {(first, second)}
    pair = figures[first, second]
    assert (pair.traces, pair.within, pair.found_exact) == (3, 1.0, 1.0)
    assert pair.exact == pytest.approx(2 / 3)
    # Chance: 1/9 no error, 1/9 step 2; (2/3 - 2/9) / (1 - 2/9).
    assert pair.cohen == pytest.approx(4 / 7)
    assert pair.found_cohen == 1.0


def test_a_pair_that_always_gives_one_label_has_no_kappa() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "s", [-1, -1]), [-1, -1])
    refresh.update()
    (pair,) = pairwise_agreement([dataset.pk], [reference.pk, judge.pk]).values()
    assert pair == PairFigures(2, 1.0, 1.0, None, 1.0, None)


def test_judges_without_a_shared_trace_are_no_pair() -> None:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    label_traces(dataset, reference, "s", [-1])
    make_verdict(make_trace(dataset), judge, 0)
    refresh.update()
    assert pairwise_agreement([dataset.pk], [reference.pk, judge.pk]) == {}
    assert pairwise_agreement([], []) == {}


def test_judges_are_dataset_labels_then_consensus_then_people_then_models() -> None:
    dataset, people = judged_by_people()
    trace = dataset.traces.earliest("pk")
    models = [make_model(name) for name in ("b", "a")]
    consensus = Judge.objects.create(kind=Judge.Kind.CONSENSUS, name="bench/queue")
    for judge in [*models, consensus]:
        make_verdict(trace, judge, -1)
    make_model("idle")
    refresh.update()
    assert judges_with_verdicts([dataset.pk]) == [
        dataset.reference_judge,
        consensus,
        *people,
        *reversed(models),
    ]
    assert judges_with_verdicts([]) == []


def test_peoples_agreement_counts_only_traces_with_two_labels() -> None:
    dataset, people = judged_by_people()
    raters = rater_agreement(MetricsQuery((dataset.pk,)))
    assert raters.raters == [judge.pk for judge in people]
    assert raters.together.traces == 3
    assert raters.together.exact.value == pytest.approx(2 / 3)
    (pair,) = raters.pairs
    assert (pair.first, pair.second, pair.agreement.traces) == (*raters.raters, 3)
    assert [(group.name, group.agreement.traces) for group in raters.by_subset] == [("math", 3)]
    generator = dataset.traces.earliest("pk").generator
    assert [group.name for group in raters.by_generator] == [str(generator.pk)]


def test_agreement_of_a_queue_counts_only_its_own_verdicts() -> None:
    dataset, people = judged_by_people()
    reviews = Verdict.objects.filter(judge__in=people, trace__in=dataset.traces.order_by("pk")[:2])
    reviews.update(origin="review", origin_id=3)
    raters = rater_agreement(MetricsQuery((dataset.pk,), queue=3))
    assert raters.together.traces == 2
    assert raters.together.exact.value == 1.0
    assert rater_agreement(MetricsQuery((dataset.pk,), queue=4)).raters == []


def test_agreement_without_people_is_undefined() -> None:
    dataset, reference = make_dataset()
    label_traces(dataset, reference, "s", [-1])
    refresh.update()
    raters = rater_agreement(MetricsQuery((dataset.pk,)))
    assert (raters.raters, raters.pairs, raters.by_subset) == ([], [], [])
    assert (raters.together.traces, raters.together.exact.value) == (0, None)
