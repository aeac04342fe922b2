"""The folder of a run: the only thing that a job shares with the process that starts it.

run.json         job, export (a folder), settings
plan.json        the numbers of updates and examples, once they are known
metrics.jsonl    one line per update
tracker.json     the run's id in MLflow or W&B, if it is tracked there too
checkpoint.pt    the last checkpoint
log.txt          the job's output, if a worker runs it
error.txt        the message of a job that could not continue
model/           the complete trained model
result.json      written last: a folder with it is finished
"""

from pathlib import Path
from typing import Any

import orjson

from training.jobs import JOBS
from training.jobs.errors import JobError
from training.jobs.job_settings import read_settings

RUN = "run.json"
PLAN = "plan.json"
LOG = "log.txt"
ERROR = "error.txt"
MODEL = "model"
RESULT = "result.json"
LOCK = "lock"

# The exit status of a job that was told to stop and left a checkpoint.
STOPPED = 3


def write_run(folder: Path, *, job: str, export: Path, settings: dict[str, Any]) -> None:
    """Create the folder of a new run. Raises JobError for an unknown job or invalid settings."""
    if job not in JOBS:
        raise JobError(f"No job {job!r}. Available jobs: {', '.join(JOBS)}.")
    read_settings(JOBS[job].settings, settings)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN, {"job": job, "export": str(export.resolve()), "settings": settings})


def read_run(folder: Path) -> dict[str, Any]:
    """Return the values that `write_run` stored. Raises JobError for any other folder."""
    run = read_json(folder / RUN)
    if run is None:
        raise JobError(f"{folder} is not the folder of a run: it has no {RUN}.")
    return run


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the values of a JSON file, or None if there is no such file."""
    if not path.is_file():
        return None
    values: dict[str, Any] = orjson.loads(path.read_bytes())
    return values


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write a JSON file by a rename, so that no reader sees an incomplete file."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2))
    partial.replace(path)
