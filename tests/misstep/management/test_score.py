from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inference.models import Schedule, ScoringRun
from inference.runs.selection import Selection
from inference.runs.start import start_selection
from misstep.management.commands.score import Command
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import scripted_scorer
from tests.misstep.management.output import output_of
from traces.models import Dataset, SavedFilter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def dataset() -> Dataset:
    return make_trace(make_dataset("traces")).dataset


@pytest.mark.parametrize(
    ("option", "when", "told"),
    [
        ("--at=2090-01-31T02:30", "at", "next at 2090-01-31 02:30 UTC"),
        ("--cron=30 2 31 1 *", "cron", "next at "),
        ("--on-new", "new", "when traces are added"),
    ],
)
def test_score_schedules(dataset: Dataset, option: str, when: str, told: str):
    SavedFilter.objects.create(dataset=dataset, name="mine", choices={})
    chosen = ["--filter=mine", "--missing", "--priority=high"]
    shown = output_of("score", "traces", "--scorer=arithmetic", option, *chosen)
    schedule = Schedule.objects.get()
    assert shown.startswith(f"Schedule {schedule.pk}: arithmetic@")
    assert told in shown
    assert (schedule.when, schedule.filter_name, schedule.only_missing, schedule.priority) == (
        when,
        "mine",
        True,
        1,
    )


@pytest.mark.usefixtures("dataset")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--at=soon"], "'soon' is not a time. Use the form 2027-01-31T02:30"),
        (["--at=2000-01-01"], "2000-01-01 00:00 UTC is in the past."),
        (["--cron=daily"], "'daily' is not a cron schedule"),
        (["--on-new", "--filter=yours"], "traces has no saved filter 'yours'."),
    ],
)
def test_score_refuses_a_bad_time_or_filter_with_a_sentence(options: list[str], sentence: str):
    with pytest.raises(CommandError, match=sentence):
        output_of("score", "traces", "--scorer=arithmetic", *options)
    assert Schedule.objects.count() == 0


@pytest.mark.parametrize("option", [{"threshold": 0.7}, {"revision": "c0ffee"}])
def test_score_takes_no_recipe_for_a_scorer_that_is_there(
    dataset: Dataset, option: dict[str, object]
):
    with pytest.raises(CommandError, match="creates a scorer and needs --model"):
        call_command("score", dataset.name, scorer=scripted_scorer().name, **option)
    assert ScoringRun.objects.count() == 0


def test_score_does_not_take_a_schedules_run_over_new_traces_for_its_own(dataset: Dataset):
    scorer = scripted_scorer()
    arrived = start_selection(scorer, Selection(dataset, after_trace=0), created_by=None)
    chosen: dict[str, Any] = {"dataset": dataset, "filter_name": "", "created_by": None}
    everything = Command()._start(scorer, chosen)
    assert everything.pk != arrived.pk
    assert everything.after_trace is None
    assert Command()._start(scorer, chosen).pk == everything.pk
