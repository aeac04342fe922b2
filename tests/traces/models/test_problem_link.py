import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_dataset, make_trace
from traces.models import Problem, ProblemMatch, ProblemSignature, ProblemVariant

pytestmark = pytest.mark.django_db


@pytest.fixture
def problems() -> list[Problem]:
    dataset = make_dataset()
    return [make_trace(dataset).problem for _ in range(2)]


def test_a_problem_is_a_variant_of_one_other(problems):
    first, second = problems
    link = ProblemVariant.objects.create(problem=second, original=first)
    assert str(link) == f"problem {second.pk} of {first.pk}"
    assert (second.variant_link, list(first.variant_links.all())) == (link, [link])
    for problem, original in ((first, first), (second, first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProblemVariant.objects.create(problem=problem, original=original)


@pytest.mark.parametrize("similarity", [0, 1.1])
def test_a_match_has_a_similarity_above_zero(problems, similarity):
    first, second = problems
    with pytest.raises(IntegrityError), transaction.atomic():
        ProblemMatch.objects.create(first=first, second=second, similarity=similarity)


def test_a_match_is_stored_once_in_the_order_of_the_ids(problems):
    first, second = problems
    match = ProblemMatch.objects.create(first=first, second=second, similarity=0.75)
    assert str(match) == f"problems {first.pk} and {second.pk}: 0.75"
    for one, other in ((first, second), (second, first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProblemMatch.objects.create(first=one, second=other, similarity=0.75)


def test_signatures_are_found_by_a_common_band(problems):
    first, second = problems
    ProblemSignature.objects.create(problem=first, bands=[1, 2])
    ProblemSignature.objects.create(problem=second, bands=[2, 3])
    found = ProblemSignature.objects.filter(bands__overlap=[1])
    assert [str(signature) for signature in found] == [f"signature of problem {first.pk}"]
    assert ProblemSignature.objects.filter(bands__overlap=[2, 9]).count() == 2
