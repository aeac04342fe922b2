import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from metrics.judges.leaderboard import leaderboard
from metrics.judges.output import (
    leaderboard_json,
)
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model
from traces.models import Judge

pytestmark = pytest.mark.django_db

LABELS, FOUND = [-1, -1, 2, 3], [-1, 1, 2, None]


def test_leaderboard_command_prints_json_and_a_table() -> None:
    dataset, reference = make_dataset()
    judge_traces(make_model("prm"), label_traces(dataset, reference, "easy", LABELS), FOUND)
    out = StringIO()
    call_command("leaderboard", "bench", "--json", stdout=out)
    assert json.loads(out.getvalue()) == leaderboard_json(leaderboard(dataset))
    out = StringIO()
    call_command("leaderboard", "bench", stdout=out)
    assert "prm" in out.getvalue()
    out = StringIO()
    call_command("leaderboard", "--reference", "prm", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["dataset"], found["reference"]) == (None, "prm")
    assert found["judges"][0]["judge"] == "dataset labels"


def test_leaderboard_command_refuses_unknown_names_with_a_sentence() -> None:
    make_dataset()
    with pytest.raises(CommandError, match=r"No dataset 'bnch'; datasets: bench."):
        call_command("leaderboard", "bnch")
    with pytest.raises(CommandError, match=r"No judge 'x'. Judges: dataset labels."):
        call_command("leaderboard", "--reference", "x")


def test_leaderboard_command_asks_for_the_revision_of_a_name_that_several_judges_have() -> None:
    for revision in ("a" * 40, "b" * 40):
        Judge.objects.create(kind="model", name="twin", revision=revision)
    with pytest.raises(CommandError, match=r"Several judges are named 'twin'\. Give the revision"):
        call_command("leaderboard", "--reference", "twin")
    out = StringIO()
    call_command("leaderboard", "--reference", f"twin@{'a' * 40}", "--json", stdout=out)
    assert json.loads(out.getvalue())["judges"] == []
