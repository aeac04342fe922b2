"""The texts of a model belong to their verdict."""

import pytest

from inference.backends.interface import Output
from inference.models import RawOutput
from inference.runs.start import start_run
from inference.shards.results import record_outputs
from tests.factories import make_dataset, make_trace, make_verdict
from tests.inference.scripted import scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_new_texts_replace_those_of_the_verdict():
    trace = make_trace(make_dataset())
    scorer = scripted_scorer()
    run = start_run(scorer, dataset=trace.dataset, created_by=None)
    verdict = make_verdict(trace, scorer.judge, 0)
    record_outputs({verdict.pk: [Output("one"), Output("two\0", sample=1)]}, run_id=run.pk)
    record_outputs({verdict.pk: [Output("three", label="1")]}, run_id=run.pk)
    row = RawOutput.objects.get()
    assert (row.text, row.label, row.number, row.verdict) == ("three", "1", 0, verdict)
    assert str(row)
