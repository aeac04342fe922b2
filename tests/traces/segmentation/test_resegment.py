"""A trace split into other steps: the text stays, and labels move if that is certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import label, make_scorer, make_trace, make_user, make_verdict
from traces.models import Judge, Trace, Verdict
from traces.segmentation.resegment import Boundaries, _slices, resegment, split_as

pytestmark = pytest.mark.django_db

STEPS = ["First, 2 + 2 = 4.", "Then 4 + 1 = 6.", "So the answer is 6."]
MERGED = [f"{STEPS[0]} {STEPS[1]}", STEPS[2]]
SPLIT = [STEPS[0], "Then", "4 + 1 = 6.", STEPS[2]]


def person() -> Judge:
    user = make_user()
    return Judge.objects.create(kind="human", name=user.username, user=user)


def test_a_new_version_replaces_the_old_one_which_keeps_its_verdicts():
    trace = make_trace(steps=STEPS, external_id="row")
    given_label = label(trace, 1, explanation="4 + 1 is 5")
    made = resegment(trace, MERGED)
    trace.refresh_from_db()
    assert (trace.is_current_segmentation, made.trace.is_current_segmentation) == (False, True)
    assert made.trace.resegmented_from == trace
    assert made.trace.external_id == "row~2"
    assert made.trace.steps == [f"{STEPS[0]}\n\n{STEPS[1]}", STEPS[2]]
    carried = made.trace.verdicts.get()
    assert (carried.earliest_error, carried.explanation) == (0, "4 + 1 is 5")
    assert (carried.origin, carried.origin_id) == ("recut", given_label.pk)
    assert Verdict.objects.current().get(trace=trace) == given_label
    assert (made.carried, made.left) == (1, 0)


@pytest.mark.parametrize(
    ("parts", "correction"),
    [
        ([STEPS[0], f"{STEPS[1]} {STEPS[2]}"], ""),
        (MERGED, f"{STEPS[0]}\n\nThen 4 + 1 = 5."),
        (["First,", "2 + 2 = 4.", *STEPS[1:]], "Then 4 + 1 = 5."),
    ],
)
def test_a_correction_moves_to_the_new_step(parts: list[str], correction: str):
    """Keep the text before the old step, and drop a correction of only a part of the new step."""
    trace = make_trace(steps=STEPS)
    label(trace, 1, correction="Then 4 + 1 = 5.")
    assert resegment(trace, parts).trace.verdicts.get().correction == correction


def test_a_label_on_a_step_cut_apart_stays_with_the_old_version():
    trace = make_trace(steps=STEPS)
    label(trace, 1)
    made = resegment(trace, SPLIT)
    assert (made.carried, made.left) == (0, 1)
    assert trace.verdicts.count() == 1


def test_no_error_and_errors_in_unchanged_steps_always_move():
    trace = make_trace(steps=STEPS)
    label(trace, -1)
    make_verdict(trace, person(), 2)
    made = resegment(trace, SPLIT)
    assert sorted(made.trace.verdicts.values_list("earliest_error", flat=True)) == [-1, 3]


def test_models_judge_the_new_steps_again():
    trace = make_trace(steps=STEPS)
    make_verdict(trace, make_scorer(threshold=0.5).judge, 1, scores=[0.9, 0.1, 0.2])
    made = resegment(trace, MERGED)
    assert (made.carried, made.left) == (0, 1)


def test_step_labels_move_and_are_unknown_where_that_is_not_sure():
    trace = make_trace(steps=STEPS)
    verdict = label(trace, 2)
    verdict.step_labels = [1, 0, -1]
    verdict.save()
    assert resegment(trace, MERGED).trace.verdicts.get().step_labels == [0, -1]
    other = make_trace(steps=STEPS)
    verdict = label(other, 0)
    verdict.step_labels = [-1, -1, 1]
    verdict.save()
    assert resegment(other, SPLIT).trace.verdicts.get().step_labels == [-1, None, None, 1]


def test_versions_are_numbered_and_only_the_newest_is_split():
    trace = make_trace(steps=STEPS, external_id="row")
    second = resegment(trace, MERGED).trace
    third = resegment(second, SPLIT).trace
    assert third.external_id == "row~3"
    assert third.steps == SPLIT
    with pytest.raises(ValueError, match="newest version"):
        resegment(trace, SPLIT)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [(["First, 2 + 2 = 5.", *STEPS[1:]], "changed near"), (STEPS[:2], "changed near")],
)
def test_another_text_is_refused_and_nothing_is_written(parts, sentence):
    trace = make_trace(steps=STEPS)
    with pytest.raises(ValueError, match=sentence):
        resegment(trace, parts)
    assert Trace.objects.count() == 1


def test_the_same_steps_are_refused():
    trace = make_trace(steps=STEPS)
    with pytest.raises(ValueError, match="Move a line of dashes"):
        resegment(trace, [f"  {step}\r\n" for step in STEPS])


def test_white_space_within_a_step_stays_as_it_was():
    trace = make_trace(steps=["a  b\r\n\tc", "d"])
    assert split_as(trace, ["a b", "c d"]) == ["a  b", "c\n\nd"]


@given(st.lists(st.text(alphabet="ab c\n", min_size=1).filter(str.strip), min_size=1, max_size=6))
def test_slices_follow_the_cuts_of_any_text(steps):
    cuts = Boundaries.of(steps)
    assert Boundaries.of(_slices("\n\n".join(steps), cuts)) == cuts
