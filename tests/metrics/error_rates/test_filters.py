import pytest
from django.http import QueryDict

from metrics.error_rates.filters import RateFilter
from tests.factories import make_user
from tests.metrics.worlds import World

pytestmark = pytest.mark.django_db


def test_the_judge_is_a_model(world: World) -> None:
    user = make_user()
    form = RateFilter(QueryDict(f"judge={world.prm.pk}"), user=user)
    assert form.is_valid()
    assert form.cleaned_data["judge"] == world.prm
    assert set(form.fields["judge"].queryset) == {world.prm, world.critic}  # type: ignore[attr-defined]
    person = RateFilter(QueryDict(f"judge={world.people[0].pk}"), user=user)
    assert person.errors == {"judge": ["No judge with verdicts has this number."]}


def test_no_judge_leaves_the_choice_to_the_page() -> None:
    form = RateFilter(QueryDict(""), user=make_user())
    assert form.is_valid()
    assert form.cleaned_data["judge"] is None
    assert "the one with most verdicts" in str(form["judge"])
