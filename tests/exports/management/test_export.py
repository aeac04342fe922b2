"""`misstep export`."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exports.models import Export
from tests.exports.exported import rows_of
from tests.factories import (
    label,
    make_dataset,
    make_scorer,
    make_trace,
    make_verdict,
)
from traces.models import Judge

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_command_refuses_a_bucket_where_there_is_none(settings):
    settings.EXPORT_S3_BUCKET = settings.EXPORT_S3_ENDPOINT = ""
    dataset = make_dataset()
    with pytest.raises(CommandError, match="set MISSTEP_S3_BUCKET"):
        call_command("export", dataset.name, bucket=True)


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"labels": "999999999"}, "no judge has this number"),
        ({"labels": "nobody"}, "no judge has this name; write best"),
        ({"subset": "nope"}, "has no subset 'nope'. Subsets: "),
    ],
)
def test_the_command_refuses_a_judge_or_subset_that_is_not_there(option, sentence: str):
    trace = make_trace(make_dataset())
    with pytest.raises(CommandError, match=sentence):
        call_command("export", trace.dataset.name, **option)
    assert not Export.objects.exists()


def test_the_command_takes_a_judge_by_name(tmp_path: Path):
    scorer = make_scorer("careful")
    trace = make_trace(make_dataset())
    label(trace, -1)
    make_verdict(trace, scorer.judge, 1)
    call_command(
        "export", trace.dataset.name, recipe="processbench", labels="careful", output=tmp_path / "x"
    )
    (row,) = rows_of(Export.objects.get(), "train")
    assert row["label"] == 1
    Judge.objects.create(kind="model", name="careful", revision="2")
    with pytest.raises(CommandError, match=r"2 judges have this name; .*careful@2\)"):
        call_command("export", trace.dataset.name, labels="careful")
