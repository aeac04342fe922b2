import random

import pytest

from metrics.summaries import refresh, verify
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from traces.models import Dataset, Judge, Verdict

pytestmark = pytest.mark.django_db

LABELS = [-1, -1, 0, 1, 4]


FOUND = [-1, 2, 0, None, 4]


@pytest.fixture
def judged(db: None) -> tuple[Dataset, Judge]:
    dataset, reference = make_dataset()
    judge = make_model("prm")
    judge_traces(judge, label_traces(dataset, reference, "s", LABELS), FOUND)
    return dataset, judge


def test_a_long_type_is_cut_and_not_refused(judged: tuple[Dataset, Judge]) -> None:
    long = "".join(random.Random(1).choices("abcdefghij", k=20_000))
    Verdict.objects.filter(earliest_error=0).update(error_type=long)
    refresh.update()
    assert verify.verify_summaries().differences == {}
