"""Filters of traces by the verdicts of one or two judges."""

import pytest

from tests.factories import label, make_dataset, make_trace, make_verdict
from traces.datasets.trace_filter import SubsetCount, TraceFilter, selected, subset_counts
from traces.models import Dataset, Judge, Trace
from traces.segmentation.resegment import resegment

pytestmark = pytest.mark.django_db

LABELS = [-1, 0, 1, 4, 6, 6]
SAID = [-1, 1, 0, 4, -1, None]


@pytest.fixture
def dataset() -> Dataset:
    """Six traces of eight steps, labelled and judged by "other"."""
    dataset = make_dataset()
    other = Judge.objects.create(kind="model", name="other")
    for place, (right, said) in enumerate(zip(LABELS, SAID, strict=True)):
        trace = make_trace(dataset, external_id=str(place), steps=["step"] * 8)
        kind = "arithmetic" if right in (0, 4) else "arithmetic of sets" if right > 0 else ""
        label(trace, right, error_type=kind)
        make_verdict(trace, other, said)
    return dataset


def found(dataset: Dataset, **choices: object) -> list[int]:
    judges = {"judge": Judge.objects.get(name="other").pk, "other": dataset.reference_judge.pk}
    chosen = selected(dataset, judges | choices).order_by("pk")
    return [int(trace.external_id) for trace in chosen]


@pytest.mark.parametrize(
    ("said", "traces"),
    [
        ("none", [0, 4]),
        ("error", [1, 2, 3]),
        ("unusable", [5]),
        ("usable", [0, 1, 2, 3, 4]),
        ("1", [2]),
        ("1-2", [1, 2]),
        ("2-", [1, 3]),
        ("7", []),
    ],
)
def test_traces_are_found_by_the_step_that_a_judge_names(
    dataset: Dataset, said: str, traces: list[int]
) -> None:
    assert found(dataset, says=said) == traces


def test_traces_are_found_by_the_steps_of_two_judges(dataset: Dataset) -> None:
    assert found(dataset, says="none", other_says="7") == [4]
    assert found(dataset, other_says="7-") == [4, 5]
    assert found(dataset, says="2", other_says="1") == [1]


def test_traces_are_found_by_the_earlier_judge(dataset: Dataset) -> None:
    assert found(dataset, finding="early") == [2]
    assert found(dataset, finding="late") == [1]


def test_a_type_of_error_is_its_whole_name(dataset: Dataset) -> None:
    assert found(dataset, other_error_type="arithmetic") == [1, 3]
    assert found(dataset, other_error_type="arithmetic of sets") == [2, 4, 5]
    reference = dataset.reference_judge.pk
    assert found(dataset, judge=reference, other="", error_type="arithmetic") == [1, 3]


def test_a_type_longer_than_a_filter_is_found_by_its_start(dataset: Dataset) -> None:
    trace = make_trace(dataset, external_id="9")
    label(trace, 0, error_type="x" * 250)
    reference = dataset.reference_judge.pk
    assert found(dataset, judge=reference, other="", error_type="x" * 200) == [9]
    assert found(dataset, judge=reference, other="", error_type="x" * 199) == []


@pytest.mark.parametrize("said", ["0", "3-x", "-1", "anything", "1-2-3", "123456"])
def test_a_step_that_is_none_says_how_to_write_one(dataset: Dataset, said: str) -> None:
    form = TraceFilter({"says": said}, dataset=dataset)
    assert not form.is_valid()
    assert "Enter a step as 3, 5-6 or 15-" in form.errors["says"][0]


@pytest.mark.parametrize("field", ["other_says", "other_error_type"])
def test_the_other_judges_finding_needs_the_other_judge(dataset: Dataset, field: str) -> None:
    with pytest.raises(ValueError, match="Choose the other judge"):
        selected(dataset, {field: "3"})


def test_counts_are_of_the_traces_as_they_are_cut_today():
    dataset = make_dataset()
    for subset in ("easy", "easy", "hard"):
        make_trace(dataset, subset=subset)
    before = make_trace(dataset, subset="hard")
    new = resegment(before, ["First,", " 2 + 2 = 4.", "\n\nThen 4 + 1 = 6.\n\nSo the answer is 6."])
    assert new.trace.is_current_segmentation
    assert subset_counts(dataset) == [SubsetCount("easy", 2, 2), SubsetCount("hard", 2, 2)]
    assert Dataset.objects.with_trace_count().get(pk=dataset.pk).trace_count == 4
    assert Dataset.objects.with_trace_count().get(pk=make_dataset().pk).trace_count == 0


def test_a_filter_that_no_longer_applies_is_an_error():
    dataset = make_dataset()
    with pytest.raises(ValueError, match="subset doesn't apply to"):
        selected(dataset, {"subset": "gone"})


def test_filters_by_two_judges_answer_length_and_id():
    dataset = make_dataset()
    first = make_trace(dataset, external_id="a-1", final_answer_correct=True)
    second = make_trace(dataset, external_id="b-1", steps=["one", "two", "three", "four"])
    third = make_trace(dataset, external_id="b-2", final_answer_correct=False)
    reference = label(first, 1).judge
    label(second, 1)
    other = Judge.objects.create(kind="model", name="other")
    make_verdict(first, other, 1)
    make_verdict(second, other, 2)
    make_verdict(third, other, None)

    def found(**choices: object) -> list[Trace]:
        return list(selected(dataset, choices).order_by("pk"))

    both = {"judge": reference.pk, "other": other.pk}
    assert found(**both) == [first, second]
    assert found(**both, finding="disagree") == [second]
    assert found(unjudged=reference.pk) == [third]
    assert found(answer="unknown") == [second]
    assert found(answer="wrong") == [third]
    assert found(fewest=4) == [second]
    assert found(most=3) == [first, third]
    assert found(id="b-") == [second, third]
    with pytest.raises(ValueError, match="other judge to compare"):
        found(judge=reference.pk, finding="disagree")
    with pytest.raises(ValueError, match=r"\(5\) is above the maximum \(3\)"):
        found(fewest=5, most=3)
