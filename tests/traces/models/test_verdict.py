import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from tests.factories import label, make_scorer, make_trace, make_user, make_verdict
from traces import verdict_visibility
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def test_current_verdicts_are_the_newest_revisions():
    trace, judge = make_trace(), make_scorer().judge
    old = make_verdict(trace, judge, 1)
    Verdict.objects.filter(pk=old.pk).update(is_current=False)
    new = Verdict.objects.create(
        trace=trace, step_count=3, judge=judge, revision=2, earliest_error=0, origin="run"
    )
    assert list(Verdict.objects.current()) == [new]
    assert str(new) == f"{judge.pk} on {trace.pk}: 0"


def test_hidden_verdicts_are_not_readable(monkeypatch):
    shown, hidden = label(make_trace(), 0), label(make_trace(), 1)
    monkeypatch.setattr(verdict_visibility, "_conditions", [lambda user: Q(pk=hidden.pk)])
    reader, lead = make_user(), make_user(role="lead")
    assert list(Verdict.objects.readable_by(reader)) == [shown]
    assert list(Verdict.objects.hidden_from(reader)) == [hidden]
    assert set(Verdict.objects.readable_by(lead)) == {shown, hidden}


@pytest.mark.parametrize(
    "fields",
    [
        {"earliest_error": 3},
        {"earliest_error": -2},
        {"earliest_error": None},
        {"failure": "no answer"},
        {"scores": [0.5]},
        {"step_labels": [1, 1, 1, 1]},
        {"confidence": 1.5},
        {"inclusion_probability": 0},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_the_database_refuses_a_verdict_that_can_not_be(fields):
    verdict = make_verdict(make_trace(), make_scorer().judge, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(**fields)


def test_a_judge_has_one_current_verdict_on_a_trace():
    trace, judge = make_trace(), make_scorer().judge
    make_verdict(trace, judge, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(
            trace=trace, step_count=3, judge=judge, revision=2, earliest_error=0, origin="run"
        )


def test_a_verdict_has_the_step_count_of_its_trace():
    verdict = make_verdict(make_trace(), make_scorer().judge, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(step_count=7)
