"""Reviewing under load: 200 people against the real server, in a queue of a million items.

People alternate between the large queue and one with 10,000 items, so both have the same
conditions. Halfway, every web worker is killed. Server time is gunicorn's, from the request read to
the response written. "Next item" is the request with which the page prefetches an item: assigning
and rendering it. Times exclude requests within some seconds after the start and the kill, because
new processes load their code then, and requests after the end, when everybody sends the rest of
their item at once. All other figures include them.

Environment variables: BENCH_QUEUE_ITEMS (1,000,000), BENCH_QUEUE_FEW (10,000), BENCH_QUEUE_PEOPLE
(200), BENCH_QUEUE_SECONDS (120), and BENCH_QUEUE_THINK (30), the mean seconds per item. Clients and
server share the machine, so the offered load is PEOPLE / THINK items per second, each with two
drafts, one prefetch and one submit.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks import queue_rows
from benchmarks.queue_load import Annotator, Load, number_of
from benchmarks.report import Figure
from benchmarks.scratch import scratch_database

ITEMS = int(os.environ.get("BENCH_QUEUE_ITEMS", "1000000"))
FEW = int(os.environ.get("BENCH_QUEUE_FEW", "10000"))
PEOPLE = int(os.environ.get("BENCH_QUEUE_PEOPLE", "200"))
SECONDS = float(os.environ.get("BENCH_QUEUE_SECONDS", "120"))
THINK = float(os.environ.get("BENCH_QUEUE_THINK", "30"))
# Items at the head of the large queue that two people answered before.
DONE_BEFORE = 5_000
GRANTS = 200
# New web workers load their code on their first requests.
WARM_UP = 15.0

OVER_OVERLAP = """
SELECT count(*) FROM (
    SELECT FROM annotations_lease JOIN annotations_item AS item ON item.id = item_id
    JOIN annotations_queue AS queue ON queue.id = item.queue_id
    WHERE slot IS NOT NULL OR state IN ('held', 'submitted')
    GROUP BY item.id, queue.max_overlap HAVING count(*) > queue.max_overlap) AS too_many
"""
TWICE = """
SELECT count(*) FROM (
    SELECT FROM annotations_lease GROUP BY item_id, annotator_id HAVING count(*) > 1) AS twice
"""
WRITTEN = """
SELECT count(*) FROM annotations_submission AS submission
JOIN annotations_lease AS lease ON lease.id = submission.lease_id AND lease.state = 'submitted'
JOIN traces_verdict AS verdict ON verdict.id = submission.verdict_id AND verdict.is_current
WHERE submission.key = ANY(%s)
"""


def measure() -> Iterator[Figure]:
    # On a busy machine, server time is mostly waiting. Idle is a load of 0 to 1 per core.
    yield Figure("load average before", os.getloadavg()[0], f"on {os.cpu_count()} cores")
    with scratch_database() as database, tempfile.TemporaryDirectory() as folder:
        queues = []
        for name, items in (("few", min(FEW, ITEMS)), ("many", ITEMS)):
            queue, filled = filled_queue(name, items)
            queues.append(queue)
            yield Figure(f"filling a queue with {items:,} items", filled, "s")
        people = queue_rows.make_people(PEOPLE + 2)
        queue_rows.answer_head(queues[1], people[-1], people[-2], min(DONE_BEFORE, ITEMS // 2))
        vacuum()
        log = Path(folder) / "access.log"
        with served(database, log) as server:
            load = Load(server.port, [queue.pk for queue in queues], THINK)
            course = work(load, people[:PEOPLE], server)
        yield from load_figures(load, course.killed)
        yield from time_figures(log, course, queues)
        yield from truth_figures(load)
        yield from grant_figures(queues, people)


def filled_queue(name: str, items: int) -> tuple[Any, float]:
    from annotations.queues.populate import fill

    queue = queue_rows.make_queue(name, items)
    start = time.perf_counter()
    fill(queue)
    return queue, time.perf_counter() - start


def vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE annotations_item, annotations_lease, traces_trace")


class Server:
    """gunicorn as `misstep up` starts it, with another format of the access log."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextmanager
def served(database: str, log: Path) -> Iterator[Server]:
    from django.core.management import call_command

    from misstep.local import addresses

    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = addresses.database_url().rpartition("/")[0] + f"/{database}"
    options = ["-c", "python:misstep.gunicorn_conf", "--bind", f"127.0.0.1:{port}"]
    options += [
        "--access-logfile",
        str(log),
        "--access-logformat",
        "%(m)s %(U)s %(s)s %(D)s %({x-sent-at}i)s",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, "misstep.wsgi"],
        env={**os.environ, "DATABASE_URL": address, "MISSTEP_LOG_LEVEL": "WARNING"},
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/health/")
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@dataclass(slots=True)
class Course:
    """The number of killed workers, the times (time.time()) of new workers, and the end.

    After the end, everybody sends the rest of their item at once.
    """

    killed: int
    new_at: list[float]
    ended: float

    def is_settled(self, at: float) -> bool:
        is_new = any(start <= at < start + WARM_UP for start in self.new_at)
        return at < self.ended and not is_new


def work(load: Load, people: list[queue_rows.Person], server: Server) -> Course:
    """Run all annotators and kill all web workers halfway."""
    annotators = [Annotator(load, person, number) for number, person in enumerate(people)]
    started = time.time()
    for annotator in annotators:
        annotator.start()
    load.over.wait(WARM_UP + SECONDS / 2)
    workers = server.workers()
    killed = time.time()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    load.over.wait(WARM_UP + SECONDS / 2)
    ended = time.time()
    load.over.set()
    for annotator in annotators:
        annotator.join(90)
    return Course(len(workers), [started, killed], ended)


def load_figures(load: Load, killed: int) -> Iterator[Figure]:
    yield Figure("people at once", PEOPLE, "")
    yield Figure("seconds a person takes for an item", THINK, "s")
    yield Figure("submits accepted", len(load.accepted), "", at_least=1)
    yield Figure("web workers killed in the middle", killed, "", at_least=1)
    yield Figure("requests sent again after it", load.retried, "")
    yield Figure("requests refused", len(load.refused), "", at_most=0)
    yield Figure("annotators who gave up", len(load.failures), "", at_most=0)
    for sentence in [*load.refused[:5], *load.failures[:5]]:
        print(sentence, file=sys.stderr)


def time_figures(log: Path, course: Course, queues: list[Any]) -> Iterator[Figure]:
    times: dict[str, list[float]] = {}
    queue_of = queues_of_leases()
    for line in log.read_text().splitlines():
        method, path, status, micros, at = line.split()
        if status[0] in "23" and at != "-" and course.is_settled(float(at)):
            kind = kind_of(method, path)
            times.setdefault(kind, []).append(int(micros) / 1000)
            if kind == "ahead":
                queue = queue_of[number_of(path)]
                times.setdefault(f"ahead in {queue}", []).append(int(micros) / 1000)
    few, many = (times[f"ahead in {queue.pk}"] for queue in queues)
    yield Figure(f"next item of {FEW:,}, median", median(few), "ms")
    yield Figure(f"next item of {ITEMS:,}, median", median(many), "ms")
    yield Figure(f"next item of {FEW:,}, p95", p95(few), "ms", at_most=50)
    yield Figure(f"next item of {ITEMS:,}, p95", p95(many), "ms", at_most=50)
    # Same conditions, so only the queue differs. Two runs differ by up to a fifth.
    yield Figure("next item, many / few, median", median(many) / median(few), "", at_most=1.2)
    yield Figure("next item, many / few, p95", p95(many) / p95(few), "", at_most=1.2)
    for kind in ("draft", "submit"):
        yield Figure(f"{kind}, median", median(times[kind]), "ms")
        yield Figure(f"{kind}, p95", p95(times[kind]), "ms", at_most=200)


def queues_of_leases() -> dict[int, int]:
    from annotations.models import Lease

    return dict(Lease.objects.values_list("pk", "queue"))


def kind_of(method: str, path: str) -> str:
    last = path.strip("/").split("/")[-1]
    if last.isdigit():
        return "open" if method == "GET" else "submit"
    return last


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def truth_figures(load: Load) -> Iterator[Figure]:
    keys = [accepted.key for accepted in load.accepted]
    yield Figure("items over their overlap", _counted(OVER_OVERLAP), "", at_most=0)
    yield Figure("people twice on one item", _counted(TWICE), "", at_most=0)
    missing = len(keys) - _counted(WRITTEN, [keys])
    yield Figure("accepted submits that are not there", missing, "", at_most=0)


def _counted(sql: str, parameters: list[Any] | None = None) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.fetchone()[0])


def grant_figures(queues: list[Any], people: list[queue_rows.Person]) -> Iterator[Figure]:
    """Measure assignment alone, on an idle machine, for a new and for an experienced person."""
    newcomer, old_hand = people[0].user_id, people[-1].user_id
    for name, user_id, queue in [
        (f"giving one of {FEW:,}", newcomer, queues[0]),
        (f"giving one of {ITEMS:,}", newcomer, queues[1]),
        (f"giving one of {ITEMS:,} to who did the first {DONE_BEFORE:,}", old_hand, queues[1]),
    ]:
        yield Figure(f"{name}, p95", p95(given(queue, user_id)), "ms", at_most=50)


def given(queue: Any, user_id: int) -> list[float]:
    from accounts.models import User
    from annotations.leases.lifecycle import next_lease
    from annotations.review.skip import skip

    user = User.objects.get(pk=user_id)
    times = []
    for _ in range(GRANTS):
        start = time.perf_counter()
        lease = next_lease(queue, user)
        times.append(1000 * (time.perf_counter() - start))
        assert lease, "the queue has an item left"
        skip(lease.pk, user, "skip")
    return times
