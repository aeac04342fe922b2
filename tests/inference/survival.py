"""A run of thousands of traces whose workers, broker and database are killed under it.

    python -m tests.inference.survival TRACES SEED

Runs in a home of its own, named by MISSTEP_HOME, and prints what came of it as JSON.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import django
import redis
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from redis.exceptions import RedisError

from misstep.local import addresses, postgres
from misstep.local.service_keeper import services

WORKERS = ("one", "two")
# Every verdict that is ever committed leaves a line, also one that is written over.
# Small, so that the blows meet many.
SHARD = 50
AUDIT = """
CREATE TABLE audit (trace_id bigint);
CREATE FUNCTION note_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit VALUES (NEW.trace_id); RETURN NULL; END $$;
CREATE TRIGGER note_verdict AFTER INSERT OR UPDATE ON traces_verdict
    FOR EACH ROW EXECUTE FUNCTION note_verdict();
"""


def main(traces: int, seed: int) -> None:
    chance = random.Random(seed)
    with services():
        django.setup()
        call_command("migrate", verbosity=0)
        run = started(traces)
        crew = {name: worker(name) for name in WORKERS}
        kills = 0
        try:
            for share, blow in blows(chance):
                until_judged(run, share * traces, crew)
                blow(crew)
                kills += 1
            until_over(run, crew)
        finally:
            for process in crew.values():
                process.kill()
                process.wait()
        print(json.dumps(outcome(run) | {"blows": kills}))
        connection.close()


def blows(chance: random.Random) -> list:
    """Return the failures and after which share of the traces each happens, in any order.

    They are six killed workers, and once each the broker and the database.
    """

    def kill_worker(crew: dict[str, subprocess.Popen[bytes]]) -> None:
        crew[chance.choice(WORKERS)].kill()

    kinds = [kill_worker] * 6 + [restart_broker, restart_database]
    chance.shuffle(kinds)
    return list(zip(sorted(chance.uniform(0.02, 0.8) for _ in kinds), kinds, strict=True))


def restart_broker(crew: dict[str, subprocess.Popen[bytes]]) -> None:
    client = redis.from_url(addresses.cache_url())
    os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)


def restart_database(crew: dict[str, subprocess.Popen[bytes]]) -> None:
    """Restart it as an operator in a hurry does: the next start replays the log."""
    os.kill(int((postgres.data() / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)


def started(traces: int):
    from inference.backends import BACKENDS
    from inference.runs.start import SHARD_SIZES, start_run
    from tests.factories import make_dataset, make_trace
    from tests.inference.scripted import ENTRY, scripted_scorer
    from traces.models import Trace

    BACKENDS["scripted"] = ENTRY
    SHARD_SIZES["prm"] = SHARD
    first = make_trace(make_dataset("survivors"), steps=["right", "WRONG", "right"])
    copied = {field.attname: getattr(first, field.attname) for field in Trace._meta.fields}
    Trace.objects.bulk_create(
        (Trace(**copied | {"id": None, "external_id": f"copy-{n}"}) for n in range(1, traces)),
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute(AUDIT)
    return start_run(scripted_scorer("brief"), dataset=first.dataset, created_by=None)


def worker(name: str) -> subprocess.Popen[bytes]:
    options = ["-Q", "prm", "-n", f"{name}@%h", "--pool", "solo"]
    options += ["--without-gossip", "--without-mingle"]
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.inference.worker_app", "worker", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def look(crew: dict[str, subprocess.Popen[bytes]]) -> None:
    """Restart dead workers and look for silent shards, as supervisor and scheduler do."""
    from inference.shards.shard_reaper import requeue_silent, resend_lost_messages

    for name, process in crew.items():
        if process.poll() is not None:
            crew[name] = worker(name)
    requeue_silent(silent_after=timedelta(seconds=45))
    resend_lost_messages()


def until_judged(run, count: float, crew: dict[str, subprocess.Popen[bytes]]) -> None:
    from inference.models import Shard

    until(lambda: Shard.objects.filter(run=run, status="finished").count() * SHARD >= count, crew)


def until_over(run, crew: dict[str, subprocess.Popen[bytes]]) -> None:
    def over() -> bool:
        run.refresh_from_db()
        return run.is_over

    until(over, crew)


def until(condition, crew: dict[str, subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + 240
    while True:
        assert time.monotonic() < end, "the run does not go on"
        try:
            if condition():
                return
            look(crew)
        except (OperationalError, InterfaceError, RedisError):
            connection.close()
        time.sleep(0.2)


def outcome(run) -> dict[str, object]:
    from inference.runs.statistics import run_progress
    from traces.models import Verdict

    state = run_progress(run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT trace_id) FROM audit")
        written, written_of = cursor.fetchone()
    verdicts = Verdict.objects.filter(judge=run.scorer.judge)
    return {
        "status": run.status,
        "judged": state.judged,
        "unparsable": state.unparsable,
        "tokens": state.tokens,
        "shards": state.shards,
        "shards_done": state.shards_done,
        "verdicts": verdicts.count(),
        "right": verdicts.filter(earliest_error=1, origin_id=run.pk).count(),
        "written": written,
        "written_of": written_of,
        "attempts": sum(run.shards.values_list("attempts", flat=True)),
        "events": run.events.count(),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
