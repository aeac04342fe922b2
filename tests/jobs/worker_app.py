"""The project's Celery application as the outage tests run it: quick models, quick training.

With MISSTEP_TEST_CUTS, the name of a file, each job loses its connection once just before its claim
and once just before its end; the file gets a line each time.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import django

from misstep.celery import app

django.setup()

from django.db import connection  # noqa: E402 models need the set-up

from inference.backends import BACKENDS  # noqa: E402
from inference.shards import score  # noqa: E402
from jobs import execution  # noqa: E402
from jobs.models import JobQuerySet  # noqa: E402
from metrics.reports import cache  # noqa: E402
from tests.inference.scripted import ENTRY  # noqa: E402
from traces.imports import import_job  # noqa: E402
from training import run_worker  # noqa: E402
from training.jobs.files import MODEL  # noqa: E402

TRAIN = "import sys, time; from pathlib import Path; time.sleep(1); Path(sys.argv[1]).mkdir()"


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """Start a process in place of the training job, which leaves an empty model in a second."""
    return subprocess.Popen([sys.executable, "-c", TRAIN, str(folder / MODEL)])


def losing_connection(call: Callable[..., Any], moment: Callable[..., str]) -> Callable[..., Any]:
    """Wrap the call: before the first one of each moment the server ends the session."""
    seen: set[str] = set()

    @wraps(call)
    def cut(*args: Any, **kwargs: Any) -> Any:
        name = moment(*args)
        if name not in seen:
            seen.add(name)
            with Path(os.environ["MISSTEP_TEST_CUTS"]).open("a") as file:
                file.write(f"{name}\n")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return call(*args, **kwargs)

    return cut


if "MISSTEP_TEST_CUTS" in os.environ:
    JobQuerySet.claim = losing_connection(  # type: ignore[method-assign]
        JobQuerySet.claim, lambda jobs, pk: f"claim {jobs.model.__name__} {pk}"
    )
    execution.finish = losing_connection(
        execution.finish, lambda job: f"end {type(job).__name__} {job.pk}"
    )
    import_job.finish = losing_connection(import_job.finish, lambda job: f"end Import {job.pk}")
    score.claim_next_shard = losing_connection(
        score.claim_next_shard, lambda queues: "claim Shard first"
    )
    score.record_verdicts = losing_connection(
        score.record_verdicts, lambda claim, found: f"end Shard {claim.shard_id}"
    )

BACKENDS["scripted"] = ENTRY
run_worker._start = start
cache.FEW_TRACES = 0  # every report is a job

__all__ = ["app"]
