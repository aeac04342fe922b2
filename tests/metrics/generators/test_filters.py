import pytest
from django.http import QueryDict

from metrics.generators.filters import GeneratorFilter
from tests.factories import make_trace, make_user
from tests.metrics.worlds import World
from traces.models import Generator

pytestmark = pytest.mark.django_db


def test_the_judge_is_the_reference_of_the_figures(world: World) -> None:
    form = GeneratorFilter(QueryDict(f"judge={world.critic.pk}"), user=make_user())
    assert form.is_valid()
    assert form.metrics_query().reference == world.critic.pk
    by_labels = GeneratorFilter(QueryDict(""), user=make_user())
    assert by_labels.is_valid()
    assert by_labels.metrics_query().reference is None


def test_the_pages_generator_stays_in_the_address(world: World) -> None:
    generator = Generator.objects.get(name="writer")
    form = GeneratorFilter(QueryDict("generator=0"), user=make_user(), generator=generator)
    assert form.is_valid()
    assert form.cleaned_data["generator"] == generator
    assert form.query == f"dataset=bench&generator={generator.pk}"
    assert not form["compare_with"].is_hidden


def test_a_list_of_generators_offers_no_comparison(world: World) -> None:
    form = GeneratorFilter(QueryDict(""), user=make_user())
    assert form["compare_with"].is_hidden


def test_a_generator_is_compared_with_one_that_the_summaries_have(world: World) -> None:
    uncounted = make_trace(generator="uncounted").generator
    form = GeneratorFilter(QueryDict(""), user=make_user())
    names = {one.name for one in form.fields["compare_with"].queryset}  # type: ignore[attr-defined]
    assert names == {trace.generator.name for trace in world.traces}
    assert uncounted.name not in names
    odd = GeneratorFilter(QueryDict(f"compare_with={uncounted.pk}"), user=make_user())
    assert list(odd.errors) == ["compare_with"]


def test_a_generator_of_a_closed_dataset_cannot_be_chosen(world: World) -> None:
    trace = make_trace(generator="hushed")
    trace.dataset.members_only = True
    trace.dataset.save()
    form = GeneratorFilter(QueryDict(f"generator={trace.generator.pk}"), user=make_user())
    assert list(form.errors) == ["generator"]
