import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs.models import JobRefused
from jobs.reaper import reap_kind
from jobs.transitions import cancel
from traces.formats import ReadOptions
from traces.imports import import_job
from traces.imports.import_job import (
    ImportRefused,
    create_import,
    options_as_json,
    run_import,
    start_import,
)
from traces.imports.sources import SourceError
from traces.models import Dataset, Import, Problem, Trace, Verdict
from traces.samples import generate
from traces.samples.writer import write_samples
from traces.tasks import run_import as run_import_task

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    path = tmp_path / "sample.jsonl"
    write_samples(path, generate(200, 4))
    return path


def imported(path: Path, name: str = "set", **options: Any) -> Import:
    started = create_import(dataset_name=name, source=str(path), options=ReadOptions(**options))
    run_import(started.pk)
    started.refresh_from_db()
    return started


@pytest.mark.django_db
def test_import_counts_stored_rows(samples: Path):
    done = imported(samples)
    assert done.status == Import.Status.FINISHED
    assert done.error == ""
    assert done.dataset == Dataset.objects.get(name="set")
    assert done.rows_read == done.traces_new == Trace.objects.count() == 200
    assert done.problems_new == Problem.objects.count()
    assert done.labels_new == Verdict.objects.filter(origin_id=done.pk, origin="import").count()
    assert done.ended_at is not None


@pytest.mark.django_db
def test_importing_the_same_file_again_changes_nothing(samples: Path):
    imported(samples)
    again = imported(samples)
    assert again.traces_known == 200
    assert [again.traces_new, again.problems_new, again.labels_new, again.labels_changed] == [0] * 4
    assert again.rejected == 0


@pytest.mark.django_db
def test_a_finished_import_that_runs_again_does_nothing(samples: Path):
    done = imported(samples)
    run_import(done.pk)
    again = Import.objects.get(pk=done.pk)
    assert (again.ended_at, again.traces_new) == (done.ended_at, 200)


@pytest.mark.django_db
def test_bad_rows_are_stored_with_their_lines_and_stop_nothing(samples: Path):
    lines = samples.read_text().splitlines()
    lines[4] = "{broken"
    row = json.loads(lines[9])
    lines[9] = json.dumps({**row, "label": 99})
    samples.write_text("\n".join(lines))

    done = imported(samples)
    assert done.status == Import.Status.FINISHED
    assert (done.traces_new, done.rejected) == (198, 2)
    assert list(done.rejections.order_by("line").values_list("line", flat=True)) == [5, 10]
    assert all(reason for reason in done.rejections.values_list("reason", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "word"), [(None, "no file"), (b"\x7fELF\0\0\0", "can't be read"), (b"", "empty")]
)
def test_an_unreadable_file_fails_with_a_message(tmp_path: Path, content: bytes | None, word: str):
    path = tmp_path / "set.jsonl"
    if content is not None:
        path.write_bytes(content)
    done = imported(path)
    assert done.status == Import.Status.FAILED
    assert word in done.error
    assert not Dataset.objects.exists()


@pytest.mark.django_db
def test_a_folder_imports_each_file_as_a_subset(tmp_path: Path):
    for name in ("easy", "hard"):
        row = {"problem": f"An {name} one?", "steps": ["a", "b"], "label": 1}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row))
    (tmp_path / "dataset_infos.json").write_text('{"default": 1}')

    done = imported(tmp_path)
    assert sorted(Problem.objects.values_list("subset", flat=True)) == ["easy", "hard"]
    assert done.traces_new == 2
    assert [r.field for r in done.rejections.all()] == ["dataset_infos.json"]


@pytest.mark.django_db
def test_create_import_refuses_names_formats_and_sources():
    with pytest.raises(ImportRefused, match="letters, digits"):
        create_import(dataset_name="no spaces", source="a.jsonl")
    with pytest.raises(SourceError, match="hub:owner/name"):
        create_import(dataset_name="set", source="hub:../../etc/passwd")
    with pytest.raises(ValueError, match="Unknown format 'nosuch'"):
        create_import(dataset_name="set", source="a.jsonl", format="nosuch")
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_options_come_back_from_the_row(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"q": "What?", "s": "one##two", "at": 2}))
    chosen = {
        "mapping": {"problem": "q", "text": "s", "label": "at"},
        "cut": "marker",
        "marker": "##",
        "label_base": 1,
    }
    started = create_import(
        dataset_name="set", source=str(path), format="general", options=ReadOptions(**chosen)
    )
    assert started.options == chosen
    run_import(started.pk)
    assert Trace.objects.get().steps == ["one", "two"]
    assert Verdict.objects.get().earliest_error == 1
    assert options_as_json(ReadOptions()) == {}


@pytest.mark.django_db
def test_a_silent_import_waits_again_unless_a_command_ran_it():
    long_ago = timezone.now() - timedelta(minutes=3)
    state = {"source": "x", "status": "running", "heartbeat_at": long_ago, "attempts": 1}
    sent = Import.objects.create(dataset_name="sent", **state)
    by_hand = Import.objects.create(dataset_name="by-hand", attempts_allowed=1, **state)
    assert reap_kind(Import) == 2
    for row in (sent, by_hand):
        row.refresh_from_db()
    assert (sent.status, by_hand.status) == ("queued", "failed")
    assert "start it again" in by_hand.error
    assert reap_kind(Import) == 0


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_cancelled_while_it_runs_stores_nothing(
    samples: Path, monkeypatch: pytest.MonkeyPatch
):
    started = create_import(dataset_name="set", source=str(samples))
    read = import_job.read_source

    def cancelled(*given: Any) -> Iterator[Any]:
        thread = Thread(target=lambda: (cancel(Import.objects.get()), connection.close()))
        thread.start()
        thread.join()
        yield from read(*given)

    monkeypatch.setattr(import_job, "read_source", cancelled)
    run_import(started.pk)
    started.refresh_from_db()
    assert (started.status, started.error) == ("cancelled", "")
    assert not Trace.objects.exists()
    with pytest.raises(JobRefused, match="nothing to cancel"):
        cancel(started)


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_import_stops_reading_within_seconds(
    samples: Path, monkeypatch: pytest.MonkeyPatch
):
    started = create_import(dataset_name="set", source=str(samples))
    monkeypatch.setattr(import_job, "HEARTBEAT_SECONDS", 0.02)
    read = import_job.read_source
    rows = 0

    def slowly(*given: Any) -> Iterator[Any]:
        nonlocal rows
        for row in read(*given):
            if rows == 50:
                thread = Thread(target=lambda: (cancel(Import.objects.get()), connection.close()))
                thread.start()
                thread.join()
            rows += 1
            time.sleep(0.01 if rows > 50 else 0)
            yield row

    monkeypatch.setattr(import_job, "read_source", slowly)
    run_import(started.pk)
    assert rows < 200
    assert Import.objects.get().status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_an_import_that_loses_the_database_runs_again_and_stores_all(
    samples: Path, monkeypatch: pytest.MonkeyPatch
):
    started = create_import(dataset_name="set", source=str(samples))
    read = import_job.read_source
    cuts = 0

    def cut_off(*given: Any) -> Iterator[Any]:
        nonlocal cuts
        for number, row in enumerate(read(*given)):
            if number == 100 and not cuts:
                cuts += 1
                pid = connection.connection.info.backend_pid
                thread = Thread(target=end_session, args=(pid,))
                thread.start()
                thread.join()
            yield row

    monkeypatch.setattr(import_job, "read_source", cut_off)
    run_import_task(started.pk)
    started.refresh_from_db()
    assert (started.status, started.error, started.attempts) == ("finished", "", 2)
    assert cuts == 1
    assert Trace.objects.count() == started.traces_new == 200


def end_session(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_start_import_sends_the_message_on_commit(samples: Path, sent: list):
    with transaction.atomic():
        started = start_import(dataset_name="set", source=str(samples))
        assert sent == []
    assert sent == [("traces.run_import", [started.pk])]
    run_import_task(started.pk)
    started.refresh_from_db()
    assert (started.status, started.traces_new) == (Import.Status.FINISHED, 200)
    assert started.sent_at
    run_import_task(started.pk)
    assert Trace.objects.count() == 200
    # What imports bring in is compared with what was there.
    assert sent[1:] == 2 * [("traces.relate_problems", [])]


SLOW_IMPORT = """
import sys, time
import django
django.setup()
from django.db import connection, transaction
connection.settings_dict["NAME"] = sys.argv[1]
import traces.imports.import_job as importing
whole = importing.read_source
def slowly(files, format, options):
    for number, row in enumerate(whole(files, format, options)):
        if number == 150:
            print("in the middle", flush=True)
            time.sleep(60)
        yield row
importing.read_source = slowly
importing.run_import(int(sys.argv[2]))
"""


def started_in_a_process(import_id: int) -> "subprocess.Popen[str]":
    """Start a process that runs the import and waits in its middle."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(SLOW_IMPORT),
            str(connection.settings_dict["NAME"]),
            str(import_id),
        ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline().strip() == "in the middle"
    return process


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing_and_runs_again(samples: Path):
    started = create_import(dataset_name="set", source=str(samples))
    process = started_in_a_process(started.pk)
    run_import(started.pk)  # a second worker that is given the same import keeps away
    assert Import.objects.get().status == Import.Status.RUNNING
    # Its progress shows while its rows don't.
    while not Import.objects.get().rows_read:
        assert process.poll() is None
        time.sleep(0.1)
    assert Import.objects.get().rows_read == 150
    assert not Trace.objects.exists()

    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not Dataset.objects.exists()
    assert not Trace.objects.exists()

    # The server notices the closed connection in its own time.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    run_import(started.pk)
    again = Import.objects.get()
    assert (again.status, again.traces_new) == (Import.Status.FINISHED, 200)


@pytest.mark.django_db(transaction=True)
def test_imports_into_one_dataset_at_once_take_turns(tmp_path: Path):
    everything = list(generate(900, 8))
    paths = []
    for number in range(3):
        paths.append(tmp_path / f"{number}.jsonl")
        write_samples(paths[-1], everything[number * 200 : number * 200 + 500])
    started = [create_import(dataset_name="set", source=str(path)) for path in paths]

    def run(pk: int) -> None:
        try:
            run_import(pk)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(row.pk,)) for row in started]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    done = Import.objects.all()
    assert {row.status for row in done} == {Import.Status.FINISHED}
    assert sum(row.traces_new for row in done) == Trace.objects.count() == 900
    assert Problem.objects.count() == sum(row.problems_new for row in done)
