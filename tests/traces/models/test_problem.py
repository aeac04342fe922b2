import pytest
from django.db import IntegrityError, transaction

from tests.factories import make_dataset, make_trace
from traces.hashing import problem_hash
from traces.models import Problem

pytestmark = pytest.mark.django_db


def test_a_problem_is_there_once_in_a_subset():
    dataset = make_dataset()
    problem = make_trace(dataset, problem="2 + 2?", subset="easy").problem
    assert make_trace(dataset, problem="2 + 2?", subset="easy").problem == problem
    assert make_trace(dataset, problem="2 + 2?", subset="hard").problem != problem
    assert make_trace(problem="2 + 2?", subset="easy").problem != problem
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.create(
            dataset=dataset, subset="easy", text="2 + 2?", content_hash=problem_hash("2 + 2?")
        )
    assert str(problem) == f"problem {problem.pk}"
