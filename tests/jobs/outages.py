"""Every kind of job while the broker is down, or while database connections are killed.

    python -m tests.jobs.outages broker|database

Runs in a home of its own, named by MISSTEP_HOME, with the broker that REDIS_URL names, and prints
what became of each kind as JSON.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import psycopg

from misstep.local import addresses, postgres
from misstep.local.service_keeper import services
from tests.exports.hub.the_hub import TheHub
from tests.jobs.own_broker import Broker

TRACES = 12
QUEUES = "web,data,prm,training"
ROWS = [
    {"id": f"row-{n}", "problem": f"What is {n} + 1?", "steps": [f"{n + 1}."], "label": -1}
    for n in range(TRACES)
]
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def main(outage: str) -> None:
    hub = TheHub()
    Thread(target=hub.serve_forever, daemon=True).start()
    os.environ |= {"HF_TOKEN": "a-token", "HF_ENDPOINT": hub.address}
    # Without collected static files, and as the test client calls the site.
    os.environ |= {"MISSTEP_DEBUG": "yes", "MISSTEP_HOSTS": "testserver"}
    with services():
        from tests.jobs import worker_app  # sets Django up

        assert worker_app
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        site = Site()
        print(json.dumps(OUTAGES[outage](site)))
        connection.close()


class Site:
    """A small installation, and a way to start each kind of job as a lead does."""

    def __init__(self) -> None:
        from django.test import Client

        from annotations.queues.create import create_queue
        from inference.runs.start import start_run
        from inference.scorers.registry import get_or_create_scorer
        from metrics.summaries import refresh
        from tests.exports.exported import make_export
        from tests.factories import label, make_dataset, make_trace, make_user
        from tests.inference.scripted import drain

        self.lead = make_user("lead", role="lead")
        self.client = Client()
        self.client.force_login(self.lead)
        self.dataset = make_dataset("here")
        for number in range(TRACES):
            label(make_trace(self.dataset, steps=["right", f"WRONG {number}"]), 1)
        self.export = make_export(self.dataset, "prm")
        self.scorer = get_or_create_scorer(
            "first", backend="scripted", model="plain", threshold=0.5
        )
        start_run(self.scorer, dataset=self.dataset, created_by=None)
        drain("prm")
        refresh.update()
        self.queue = create_queue(self.dataset, "Queue", created_by=self.lead)
        self.number = 0
        self.look_around()  # loads the pages, which takes longer than an answer

    def start_all(self) -> dict[str, float]:
        """Start one job of each kind. Return the slowest answer by kind, in seconds."""
        self.number += 1
        seconds = {}
        for kind, start in self.starts().items():
            began = time.monotonic()
            answer = start()
            seconds[kind] = time.monotonic() - began
            assert answer is None or answer.status_code < 400, (kind, answer.content)
        return seconds

    def starts(self) -> dict[str, Callable[[], Any]]:
        from annotations.models import QueueJob
        from annotations.queues.background import start_job

        kinds = {
            f"queue {kind}": lambda kind=kind: start_job(self.queue, kind, by=self.lead) and None
            for kind in (QueueJob.Kind.FILL, QueueJob.Kind.WIDEN, QueueJob.Kind.REORDER)
        }
        return {
            "import": self.start_import,
            "export": lambda: self.api("exports", dataset="here", recipe="processbench"),
            "push": lambda: self.page(
                "exports:export-push", self.export.pk, repository="owner/set", private="on"
            ),
            "training": lambda: self.page(
                "training:run-create", self.export.pk, job="prm", base="somewhere"
            ),
            "scoring": self.start_scoring,
            "derivation": lambda: self.api(
                "scorers/at-threshold",
                scorer="first",
                threshold=0.5 + self.number / 100,
                name=f"at-{self.number}",
            ),
            "report": self.look_at_report,
            **kinds,
            "queue release": self.close_another_queue,
        }

    def start_import(self) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("rows.json", json.dumps(ROWS).encode())
        dataset = f"brought-{self.number}"
        return self.page("traces:import-create", file=file, dataset=dataset, action="import")

    def start_scoring(self) -> Any:
        from inference.scorers.registry import get_or_create_scorer

        name = f"scorer-{self.number}"
        get_or_create_scorer(name, backend="scripted", model=name)
        return self.api("runs", scorer=name, dataset="here")

    def look_at_report(self) -> Any:
        from django.urls import reverse

        from metrics.models import ReportJob, StoredReport

        StoredReport.objects.all().delete()
        ReportJob.objects.exclude(status__in=ReportJob.OPEN).delete()
        return self.client.get(reverse("metrics:judge-detail", args=[self.scorer.judge_id]))

    def close_another_queue(self) -> Any:
        from annotations.queues.create import create_queue

        queue = create_queue(self.dataset, f"Closed {self.number}", created_by=self.lead)
        return self.page("annotations:queue-status", queue.pk, status="closed")

    def page(self, name: str, *keys: int, **data: Any) -> Any:
        from django.urls import reverse

        return self.client.post(reverse(name, args=keys), data)

    def api(self, path: str, **body: Any) -> Any:
        return self.client.post(f"/api/{path}", body, content_type="application/json")

    def look_around(self) -> None:
        """Open the page of each job."""
        from django.urls import reverse

        pages = ["home", "exports:export-list", "training:run-list", "inference:run-list"]
        addresses = [reverse(name) for name in pages]
        addresses += [reverse("annotations:queue-detail", args=[self.queue.pk])]
        addresses += [reverse("exports:export-detail", args=[self.export.pk]), "/api/exports"]
        for model, name in self.detail_pages():
            addresses += [reverse(name, args=[row.pk]) for row in model.objects.all()]
        for address in addresses:
            assert self.client.get(address).status_code == 200, address

    def detail_pages(self) -> list[tuple[Any, str]]:
        from exports.models import Export
        from inference.models import Scorer, ScoringRun
        from traces.models import Import
        from training.models import TrainingRun

        return [
            (Import, "traces:import-detail"),
            (Export, "exports:export-detail"),
            (TrainingRun, "training:run-detail"),
            (ScoringRun, "inference:run-detail"),
            (Scorer, "inference:scorer-detail"),
        ]


def states() -> dict[str, dict[str, int]]:
    """Return how many jobs of each kind are in which state."""
    from django.db.models import Count

    from jobs.models import job_kinds

    return {
        kind.__name__: dict(
            kind._default_manager.order_by().values_list("status").annotate(count=Count("pk"))
        )
        for kind in job_kinds()
    }


def broker_outage(site: Site) -> dict[str, Any]:
    """Start every kind without a broker, then bring the broker and a worker."""
    parts = urlsplit(os.environ["REDIS_URL"])
    assert parts.port
    stop_broker(parts.port)
    seconds = site.start_all()
    site.look_around()
    health = site.client.get("/health/").status_code
    queued = states()
    broker = Broker(parts.port)
    broker.start()
    back = time.monotonic()
    worker = start_worker()
    try:
        until_over()
    finally:
        worker.kill()
        worker.wait()
        broker.stop()
    return {
        "seconds": seconds,
        "health": health,
        "queued": queued,
        "after": states(),
        "errors": errors(),
        "took": time.monotonic() - back,
    }


def database_outage(site: Site) -> dict[str, Any]:
    """Kill connections, and the server once, while a worker goes through five jobs a kind.

    The worker loses its connection before each claim and each end as well.
    """
    for _ in range(5):
        site.start_all()
    cuts = addresses.home() / "cuts"
    os.environ["MISSTEP_TEST_CUTS"] = str(cuts)
    worker = start_worker()
    stopped = Event()
    kills: list[int] = []
    killer = Thread(target=kill_connections, args=(stopped, kills))
    try:
        until(lambda: any("running" in counts for counts in states().values()))
        killer.start()
        time.sleep(6)
        os.kill(int((postgres.data() / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        time.sleep(4)
        stopped.set()
        killer.join()
        until_over()
    finally:
        stopped.set()
        worker.kill()
        worker.wait()
    moments = {line.rpartition(" ")[0] for line in cuts.read_text().splitlines()}
    return {"after": states(), "errors": errors(), "kills": sum(kills), "cuts": sorted(moments)}


OUTAGES = {"broker": broker_outage, "database": database_outage}


def kill_connections(stopped: Event, kills: list[int]) -> None:
    chance = random.Random(1)
    while not stopped.wait(chance.uniform(0.02, 0.3)):
        try:
            with psycopg.connect(addresses.database_url(), autocommit=True) as killer:
                kills.append(len(killer.execute(KILL).fetchall()))
        except psycopg.Error:
            continue  # the server starts again


def start_worker() -> "subprocess.Popen[bytes]":
    options = ["-Q", QUEUES, "--pool", "solo", "--without-gossip", "--without-mingle"]
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.jobs.worker_app", "worker", *options],
        stdout=sys.stderr,
    )


def stop_broker(port: int) -> None:
    import redis

    with redis.Redis(port=port) as client:
        os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)


def until_over() -> None:
    """Reap as the schedule does, until no job waits or runs."""
    from django.db import InterfaceError, OperationalError, connection

    from jobs.reaper import reap

    last = -60.0

    def over() -> bool:
        nonlocal last
        try:
            if time.monotonic() - last > 10:
                last = time.monotonic()
                reap()
            return not any({"queued", "running"} & counts.keys() for counts in states().values())
        except (OperationalError, InterfaceError):
            connection.close()
            return False

    until(over)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < end, f"it does not go on: {states()} {errors()}"
        time.sleep(0.2)


def errors() -> list[str]:
    from jobs.models import job_kinds

    return [
        f"{job}: {job.error}"
        for kind in job_kinds()
        for job in kind._default_manager.exclude(error="")
    ]


if __name__ == "__main__":
    main(sys.argv[1])
