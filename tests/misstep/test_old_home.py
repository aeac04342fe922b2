"""A database of the first layout of the code opens, counts the same and goes on.

`old_home.sql.gz` is a dump of a home that was filled through the code of that time: imports, scorer
runs, queues, exports and training runs in every state, some of them cut off in the middle.
`old_home.json` holds its counts and figures as that code gave them.
"""

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pgtrigger
import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import Event, Lease, Queue
from exports.models import CurationRule, Export, HubPush
from inference.models import Scorer, ScoringRun, Shard
from metrics.models import PendingChange
from misstep.celery import app
from misstep.local import addresses
from traces.models import Dataset, Import, Verdict
from training.models import TrainingRun

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "old_home.json").read_text())
TEMPLATE = f"test_old_home_{os.getpid()}"
COPY = f"test_old_home_copy_{os.getpid()}"
RENAMED = {  # tables, since then
    "annotations_tally": "annotations_queuecounter",
    "metrics_change": "metrics_pendingchange",
    "metrics_tracefact": "metrics_tracesnapshot",
    "metrics_labelpair": "metrics_paircount",
    "metrics_problemkind": "metrics_problemprofile",
    "metrics_storedfigure": "metrics_storedreport",
}
# Where a job that had finished was called done.
ONCE_DONE = ["exports_hubpush.status", "inference_shard.status"]
NEW_STATES = {"done": "finished"}
# The rows of the import that waits: the upload is a file and no part of the dump.
ROWS = [
    {
        "id": f"row-{number}",
        "problem": f"What is twice {number}?",
        "steps": [f"2 * {number} = {2 * number}."],
        "label": -1,
    }
    for number in range(5)
]


def on_server(*statements: str) -> None:
    with psycopg.connect(addresses.database_url(), autocommit=True) as server:
        for statement in statements:
            server.execute(statement)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection lead to the database of that name."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()
    cache.clear()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        ContentType.objects.clear_cache()
        cache.clear()


@pytest.fixture(scope="module")
def migrated(local_services: None, django_db_blocker: Any) -> Iterator[str]:
    """Return the name of a database with the dump in it, migrated by the present code."""
    on_server(f'CREATE DATABASE "{TEMPLATE}"')
    try:
        dump = gzip.decompress((HERE / "old_home.sql.gz").read_bytes()).decode()
        with psycopg.connect(addresses.database_url(), dbname=TEMPLATE) as loading:
            loading.execute(dump)
        with django_db_blocker.unblock(), connected_to(TEMPLATE):
            call_command("migrate", run_syncdb=True, verbosity=0)  # kinds of job of the tests too
        yield TEMPLATE
    finally:
        on_server(f'DROP DATABASE IF EXISTS "{TEMPLATE}" WITH (FORCE)')


@pytest.fixture
def rolled_back() -> None:
    """Mark a test that needs no transactions of its own: its changes are rolled back."""


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest,
    migrated: str,
    django_db_blocker: Any,
    settings: Any,
    tmp_path: Path,
) -> Iterator[None]:
    """Give each test the old home as it was migrated, and an empty data folder."""
    settings.DATA_DIR = tmp_path
    storages = settings.STORAGES
    settings.STORAGES = storages | {
        "default": storages["default"] | {"OPTIONS": {"location": tmp_path}}
    }
    if "rolled_back" in request.fixturenames:
        with django_db_blocker.unblock(), connected_to(migrated), transaction.atomic():
            yield
            transaction.set_rollback(True)
        return
    on_server(f'CREATE DATABASE "{COPY}" TEMPLATE "{migrated}"')
    try:
        with django_db_blocker.unblock(), connected_to(COPY):
            yield
    finally:
        on_server(f'DROP DATABASE IF EXISTS "{COPY}" WITH (FORCE)')


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def run_task(name: str, *arguments: int) -> None:
    """Run the task of that name here, as a worker would."""
    app.loader.import_default_modules()
    app.tasks[name].apply(args=arguments, throw=True)


@pytest.mark.usefixtures("rolled_back")
def test_every_table_has_the_rows_it_had():
    tables = {RENAMED.get(table, table): count for table, count in EXPECTED["tables"].items()}
    counts = {table: rows(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}
    assert counts == tables


@pytest.mark.usefixtures("rolled_back")
def test_every_state_has_the_rows_it_had():
    states = {}
    for column in EXPECTED["states"]:
        table, name = column.split(".")
        states[column] = dict(rows(f'SELECT "{name}", count(*) FROM "{table}" GROUP BY 1'))
    expected = EXPECTED["states"]
    for column in ONCE_DONE:
        renamed = {NEW_STATES.get(name, name): count for name, count in expected[column].items()}
        expected = expected | {column: renamed}
    assert states == expected


@pytest.mark.usefixtures("rolled_back")
def test_nothing_is_left_to_migrate():
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.usefixtures("rolled_back")
def test_the_triggers_are_those_of_the_models():
    names = {name for (name,) in rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    assert names == {trigger.get_pgid(model) for model, trigger in pgtrigger.registered()}


@pytest.mark.usefixtures("rolled_back")
@pytest.mark.parametrize("name", EXPECTED["leaderboards"])
def test_the_leaderboard_has_the_figures_it_had(name: str):
    answer = StringIO()
    call_command("leaderboard", name, "--json", stdout=answer)
    board, expected = json.loads(answer.getvalue()), EXPECTED["leaderboards"][name]
    assert board["subsets"] == expected["subsets"]
    # A judge is known by its figures here: its name is a matter of the page.
    assert figures(board) == figures(expected)


def figures(board: dict[str, Any]) -> list[str]:
    names = ["mean_f1", "interval", "judged", "subsets"]
    return sorted(json.dumps([judge[name] for name in names]) for judge in board["judges"])


@pytest.mark.usefixtures("rolled_back")
def test_a_scorer_is_immutable():
    with pytest.raises(IntegrityError, match="immutable"):
        Scorer.objects.filter(name="a-prm").update(threshold=0.9)


@pytest.mark.usefixtures("rolled_back")
def test_a_version_of_a_rule_is_immutable():
    with pytest.raises(IntegrityError, match="immutable"):
        CurationRule.objects.filter(version=1).update(rule={})


@pytest.mark.usefixtures("rolled_back")
def test_the_log_of_a_queue_is_only_added_to():
    event = Event.objects.earliest("pk")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(kind=Event.Kind.CHANGED)
    Event.objects.create(queue=event.queue, kind=Event.Kind.CHANGED)


@pytest.mark.usefixtures("rolled_back")
def test_the_summaries_follow_a_verdict():
    call_command("check_summaries", stdout=StringIO())
    assert not PendingChange.objects.exists()
    verdict = Verdict.objects.filter(is_current=True, earliest_error=1).earliest("pk")
    Verdict.objects.filter(pk=verdict.pk).update(earliest_error=0)
    assert set(PendingChange.objects.values_list("trace_id", flat=True)) == {verdict.trace_id}
    call_command("check_summaries", stdout=StringIO())
    assert not PendingChange.objects.exists()


@pytest.mark.usefixtures("rolled_back")
@pytest.mark.parametrize(
    "address",
    [
        "home",
        "traces:dataset-list",
        "annotations:queue-list",
        "inference:run-list",
        "inference:scorer-list",
        "inference:schedule-list",
        "inference:worker-list",
        "metrics:judge-list",
        "metrics:generator-list",
        "metrics:agreement-matrix",
        "exports:export-list",
        "training:run-list",
    ],
)
def test_a_page_of_all_opens(client: Client, address: str):
    client.force_login(User.objects.get(username="lead"))
    assert client.get(reverse(address)).status_code == 200


@pytest.mark.usefixtures("rolled_back")
@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("annotations:queue-detail", Queue),
        ("annotations:queue-log", Queue),
        ("annotations:queue-people", Queue),
        ("annotations:dispute-list", Queue),
        ("annotations:gold-list", Queue),
        ("traces:import-detail", Import),
        ("inference:run-detail", ScoringRun),
        ("inference:scorer-detail", Scorer),
        ("exports:export-detail", Export),
        ("exports:verdict-detail", Verdict),
        ("training:run-detail", TrainingRun),
    ],
)
def test_the_page_of_each_row_opens(client: Client, address: str, model: Any):
    client.force_login(User.objects.get(username="lead"))
    for key in model.objects.order_by("pk").values_list("pk", flat=True)[:10]:
        assert client.get(reverse(address, kwargs={"pk": key})).status_code == 200


@pytest.mark.usefixtures("rolled_back")
@pytest.mark.parametrize("address", ["traces:dataset-detail", "exports:rule-list"])
def test_the_page_of_each_dataset_opens(client: Client, address: str):
    client.force_login(User.objects.get(username="lead"))
    for name in Dataset.objects.values_list("name", flat=True):
        assert client.get(reverse(address, kwargs={"name": name})).status_code == 200


def test_an_import_that_waited_is_stored():
    waiting = Import.objects.get(status="queued")
    text = "".join(json.dumps(row) + "\n" for row in ROWS)
    assert default_storage.save(waiting.source, ContentFile(text)) == waiting.source
    run_task("traces.run_import", waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.traces_new) == ("finished", len(ROWS))


def test_an_import_that_was_cut_off_waits_again():
    run_task("jobs.reap")
    cut_off = Import.objects.get(dataset_name="cut-off")
    assert (cut_off.status, cut_off.attempts) == ("queued", 0)


def test_exports_and_pushes_that_were_under_way_are_written_or_closed():
    waiting, cut_off = (Export.objects.get(status=status) for status in ("queued", "running"))
    push = HubPush.objects.get(status="running")
    run_task("exports.write_export", waiting.pk)
    run_task("jobs.reap")
    for row in (waiting, cut_off, push):
        row.refresh_from_db()
    assert (waiting.status, waiting.row_count > 0) == ("finished", True), waiting.error
    assert (cut_off.status, push.status) == ("failed", "failed")


def test_shards_that_were_under_way_are_scored():
    cut_off = Shard.objects.get(status="running")
    run_task("jobs.reap")
    cut_off.refresh_from_db()
    assert cut_off.status == "queued"
    for _ in range(Shard.objects.filter(status="queued", run__status="queued").count() + 1):
        run_task("inference.work", "checker")
    cut_off.refresh_from_db()
    assert cut_off.status == "finished"
    assert not ScoringRun.objects.filter(status__in=["queued", "running"]).exists()
    # A run that was paused waits for a person.
    assert ScoringRun.objects.get(status="paused").shards.get().status == "queued"


def test_training_runs_that_were_under_way_wait_for_a_worker():
    before = TrainingRun.objects.get(status="queued")
    cut_off = TrainingRun.objects.get(status="running")
    run_task("jobs.reap")
    for row in (before, cut_off):
        row.refresh_from_db()
        assert row.status == "queued"


def test_a_lease_that_ran_out_is_taken_back_and_its_draft_stays():
    ran_out = Lease.objects.filter(state="held").earliest("expires_at")
    run_task("annotations.expire_leases")
    ran_out.refresh_from_db()
    assert ran_out.state == "expired"
    others = Lease.objects.filter(state="held")
    assert others.count() == EXPECTED["states"]["annotations_lease.state"]["held"] - 1
