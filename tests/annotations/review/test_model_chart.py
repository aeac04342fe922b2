"""The drawing of what models said: places on the axis, thresholds, doubts."""

import pytest

from annotations.review.model_chart import BOTTOM, TOP, draw
from tests.factories import make_scorer, make_trace, make_verdict
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def test_scores_stand_at_the_middle_of_their_steps_and_are_cut_to_the_frame():
    trace = make_trace(steps=["a", "b"])
    verdict = make_verdict(trace, make_scorer(threshold=0.5).judge, -1, scores=[1.5, -0.5])
    drawn = draw([verdict], 2)
    assert drawn.curves[0].points == f"100.0,{TOP}.0 300.0,{BOTTOM}.0"
    assert drawn.thresholds == [(TOP + BOTTOM) / 2]
    assert drawn.pins == []
    assert [slice.is_doubted for slice in drawn.slices] == [False, True]


def test_a_critic_has_a_pin_and_no_curve_and_a_silent_judge_neither():
    trace = make_trace(steps=["a", "b", "c"])
    critic = make_verdict(trace, make_scorer("critic").judge, 2)
    silent = make_verdict(trace, make_scorer("silent").judge, None)
    drawn = draw([critic, silent], 3)
    assert (drawn.curves, drawn.thresholds) == ([], [])
    assert [(pin.judge, round(pin.x)) for pin in drawn.pins] == [("critic", 333)]
    assert [opinion.summary for opinion in drawn.judges] == ["step 3", "no usable answer"]
    assert [slice.summary for slice in drawn.slices] == ["", "", "critic first wrong step"]


def test_a_long_trace_labels_ten_steps_at_most():
    verdict = Verdict(judge=make_scorer("critic").judge, earliest_error=-1)
    drawn = draw([verdict], 150)
    assert sum(slice.is_labelled for slice in drawn.slices) == 10
