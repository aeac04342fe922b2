import random

import pytest
from django.apps import apps

from metrics.summaries import refresh, verify
from metrics.summaries.definitions import SUMMARIES, Summary
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


def test_each_summary_has_the_columns_of_its_table() -> None:
    models = {model._meta.db_table: model for model in apps.get_app_config("metrics").get_models()}
    for summary in SUMMARIES:
        columns = {field.column for field in models[summary.table]._meta.fields} - {"id"}
        assert set(summary.key) | {"n"} == columns
        assert summary.columns == ", ".join([*summary.key, "n"])


def test_a_summary_reads_the_given_facts() -> None:
    for summary in SUMMARIES:
        assert "{facts}" not in summary.of("metrics_tracesnapshot")
        assert "metrics_tracesnapshot" in summary.of("metrics_tracesnapshot")
    summary = Summary("t", ("a",), "SELECT a, count(*) FROM {facts} fact, {facts} other")
    assert summary.of("(x)") == "SELECT a, count(*) FROM (x) fact, (x) other"


def test_a_difficulty_and_a_kind_of_problem_depend_on_all_traces_of_the_problem() -> None:
    by_problem = {summary.table for summary in SUMMARIES if summary.by_problem}
    assert by_problem == {"metrics_problemprofile", "metrics_difficulty"}
