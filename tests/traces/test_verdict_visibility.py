import pytest
from django.db.models import Q

from tests.factories import label, make_trace, make_user, make_verdict
from traces import verdict_visibility
from traces.models import Judge, Verdict
from traces.verdict_visibility import hidden_from, register_hidden_verdicts

pytestmark = pytest.mark.django_db


def test_a_verdict_is_hidden_by_any_condition_but_not_from_its_author_or_a_lead(monkeypatch):
    monkeypatch.setattr(verdict_visibility, "_conditions", [])
    author, other = make_user(), make_user()
    judge = Judge.objects.create(kind="human", name="author", user=author)
    first, second, third = (label(make_trace(), 0) for _ in range(3))
    own = make_verdict(second.trace, judge, 1)

    def hidden(user):
        return set(Verdict.objects.filter(hidden_from(user)))

    assert hidden(other) == set()
    register_hidden_verdicts(lambda user: Q(pk=first.pk))
    register_hidden_verdicts(lambda user: Q(trace=second.trace_id))
    assert hidden(other) == {first, second, own}
    assert hidden(author) == {first, second}
    assert hidden(make_user(role="lead")) == set()
    assert third not in hidden(other)


def test_a_condition_may_depend_on_the_person(monkeypatch):
    verdict = label(make_trace(), 0)
    blinded, reader = make_user(), make_user()

    def condition(user):
        return Q(pk=verdict.pk) if user == blinded else Q(pk__in=[])

    monkeypatch.setattr(verdict_visibility, "_conditions", [condition])
    assert set(Verdict.objects.filter(hidden_from(blinded))) == {verdict}
    assert not Verdict.objects.filter(hidden_from(reader)).exists()
