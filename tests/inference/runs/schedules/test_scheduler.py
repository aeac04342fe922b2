"""Schedules: when they are due, what they start, and never twice."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inference import tasks
from inference.errors import ScoringRefused
from inference.models import Priority, Schedule, ScoringRun
from inference.runs.schedules.scheduler import create_schedule, set_active, start_due
from inference.runs.start import start_run
from tests.factories import make_dataset, make_trace, make_verdict
from tests.inference.scripted import scored, scripted_scorer
from traces.models import Dataset, Import, SavedFilter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset()
    make_trace(dataset)
    return dataset


def due(schedule: Schedule) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now())


def test_a_time_comes_once(dataset: Dataset):
    later = timezone.now() + timedelta(hours=1)
    schedule = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, at=later, priority=Priority.HIGH
    )
    assert start_due() == 0
    due(schedule)
    assert start_due() == 1
    assert start_due() == 0
    run = ScoringRun.objects.get()
    assert (run.schedule, run.priority, run.trace_count) == (schedule, Priority.HIGH, 1)
    schedule.refresh_from_db()
    assert not schedule.is_active
    with pytest.raises(ScoringRefused, match="Its time has passed"):
        set_active(schedule, on=True)


def test_a_time_that_is_past_is_refused(dataset: Dataset):
    with pytest.raises(ScoringRefused, match="is in the past"):
        create_schedule(scripted_scorer(), dataset=dataset, created_by=None, at=timezone.now())


def test_a_cron_line_comes_again_and_again(dataset: Dataset):
    schedule = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, cron="0 3 * * *"
    )
    for count in (1, 2):
        due(schedule)
        assert start_due() == 1
        schedule.refresh_from_db()
        assert schedule.next_at > timezone.now()
        scored(ScoringRun.objects.latest("pk"))
        assert ScoringRun.objects.count() == count


def test_a_run_that_still_goes_is_a_problem_and_not_a_second_one(dataset: Dataset):
    schedule = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, cron="0 3 * * *"
    )
    start_run(scripted_scorer(), dataset=dataset, created_by=None)
    due(schedule)
    assert start_due() == 0
    schedule.refresh_from_db()
    assert "is already scoring" in schedule.problem
    assert schedule.next_at > timezone.now()
    scored(ScoringRun.objects.get())
    due(schedule)
    assert start_due() == 1
    schedule.refresh_from_db()
    assert schedule.problem == ""


def test_arrivals_start_a_run_over_themselves_alone(dataset: Dataset):
    schedule = create_schedule(scripted_scorer(), dataset=dataset, created_by=None)
    assert (schedule.when, start_due()) == ("new", 0)
    new = [make_trace(dataset).pk for _ in range(2)]
    make_trace()
    due(schedule)
    assert start_due() == 1
    run = ScoringRun.objects.get()
    assert [pk for shard in run.shards.all() for pk in shard.trace_ids] == new
    due(schedule)
    assert start_due() == 0


def test_looking_for_arrivals_costs_the_same_however_many_traces_there_are(dataset: Dataset):
    schedule = create_schedule(scripted_scorer(), dataset=dataset, created_by=None)
    counts = []
    for more in (0, 20):
        for _ in range(more):
            make_trace(dataset)
        set_active(schedule, on=False)
        set_active(schedule, on=True)
        due(schedule)
        with CaptureQueriesContext(connection) as queries:
            assert start_due() == 0
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_arrivals_wait_for_the_end_of_an_import(dataset: Dataset):
    schedule = create_schedule(scripted_scorer(), dataset=dataset, created_by=None)
    make_trace(dataset)
    imported = Import.objects.create(dataset_name=dataset.name, source="x", status="running")
    due(schedule)
    assert start_due() == 0
    imported.status = Import.Status.FINISHED
    imported.save()
    due(schedule)
    assert start_due() == 1


def test_arrivals_that_a_filter_keeps_out_start_nothing(dataset: Dataset):
    make_trace(dataset, subset="hard")
    SavedFilter.objects.create(dataset=dataset, name="hard", choices={"subset": "hard"})
    schedule = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, filter_name="hard"
    )
    make_trace(dataset, subset="")
    due(schedule)
    assert start_due() == 0
    schedule.refresh_from_db()
    assert (schedule.problem, schedule.last_trace) == ("", dataset.traces.latest("pk").pk)
    make_trace(dataset, subset="hard")
    due(schedule)
    assert start_due() == 1
    assert ScoringRun.objects.get().trace_count == 1


def test_only_missing_leaves_out_arrivals_that_were_judged(dataset: Dataset):
    scorer = scripted_scorer()
    schedule = create_schedule(scorer, dataset=dataset, created_by=None, only_missing=True)
    make_verdict(make_trace(dataset), scorer.judge, -1)
    due(schedule)
    assert start_due() == 0
    assert ScoringRun.objects.count() == 0


def test_a_filter_that_is_gone_is_a_problem_and_not_a_run_over_everything(dataset: Dataset):
    saved = SavedFilter.objects.create(dataset=dataset, name="mine", choices={})
    schedule = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, filter_name="mine", cron="0 3 * * *"
    )
    saved.delete()
    due(schedule)
    assert start_due() == 0
    schedule.refresh_from_db()
    assert schedule.problem == f"{dataset.name} has no saved filter 'mine'."


def test_one_that_is_off_starts_nothing_and_passes_over_what_came_meanwhile(dataset: Dataset):
    schedule = create_schedule(scripted_scorer(), dataset=dataset, created_by=None)
    assert set_active(schedule, on=False).endswith("is off. Its running runs continue.")
    make_trace(dataset)
    due(schedule)
    assert start_due() == 0
    set_active(schedule, on=True)
    due(schedule)
    assert start_due() == 0


def test_the_task_runs_twice_and_starts_once(dataset: Dataset):
    schedule = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, cron="0 3 * * *"
    )
    due(schedule)
    tasks.start_due_schedules()
    tasks.start_due_schedules()
    assert ScoringRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_start_one_run(dataset: Dataset):
    schedule = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, cron="0 3 * * *"
    )
    due(schedule)
    started = []
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        started.append(start_due())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [0, 0, 0, 1]
    assert ScoringRun.objects.count() == 1


def test_a_stored_line_that_cron_does_not_read_turns_its_schedule_off(dataset: Dataset):
    old = create_schedule(
        scripted_scorer(), dataset=dataset, created_by=None, cron="0 3 * * *", priority=Priority.LOW
    )
    Schedule.objects.filter(pk=old.pk).update(cron="0 22-2 * * *")
    due(old)
    assert start_due() == 1
    old.refresh_from_db()
    assert not old.is_active
    assert "'0 22-2 * * *' is not a cron schedule" in old.problem
    assert start_due() == 0
