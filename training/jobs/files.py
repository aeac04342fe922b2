"""A run's folder, which is all that a job and whoever started it share.

run.json         job, export (a folder), settings
plan.json        how many updates on how many examples, once that is known
metrics.jsonl    a line an update
tracker.json     the run's id in MLflow or W&B, where it is tracked there too
checkpoint.pt    the last one
log.txt          what the job said, where a worker runs it
error.txt        why it could not go on, in a sentence
model/           the trained model, whole
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
    """A new run's folder. Raises JobError for a job or settings that can't be run."""
    if job not in JOBS:
        raise JobError(f"There is no job {job!r}; there are {', '.join(JOBS)}.")
    read_settings(JOBS[job].settings, settings)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN, {"job": job, "export": str(export.resolve()), "settings": settings})


def read_run(folder: Path) -> dict[str, Any]:
    """What `write_run` wrote. Raises JobError for another folder."""
    about = read_json(folder / RUN)
    if about is None:
        raise JobError(f"{folder} is not the folder of a run: it has no {RUN}.")
    return about


def read_json(path: Path) -> dict[str, Any] | None:
    """None where there is no such file."""
    if not path.is_file():
        return None
    found: dict[str, Any] = orjson.loads(path.read_bytes())
    return found


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Appears by a rename: nobody reads half of it."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2))
    partial.replace(path)
