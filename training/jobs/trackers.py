"""Metrics of a run: one line per update in its folder and, if asked for, in MLflow or W&B."""

import importlib
import logging
from pathlib import Path
from typing import Any, Protocol

import orjson

from training.jobs.errors import JobError
from training.jobs.files import read_json, write_json

logger = logging.getLogger(__name__)

METRICS = "metrics.jsonl"
# The run's id in the external tracker. A resumed run continues that run.
EXTERNAL_RUN = "tracker.json"
PROJECT = "misstep"


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """Return the complete lines of the metrics, in order; skip a line that is being written."""
    path = folder / METRICS
    if not path.is_file():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [orjson.loads(line) for line in lines]


class ExternalRun(Protocol):
    """A run in an external tracker."""

    @property
    def id(self) -> str: ...

    def log(self, step: int, values: dict[str, float]) -> None: ...

    def close(self, *, finished: bool) -> None: ...


class Tracker:
    """Writer of `metrics.jsonl`. A run that resumes at `step` drops the lines after it."""

    def __init__(
        self, folder: Path, *, step: int, external: str, parameters: dict[str, Any]
    ) -> None:
        kept = [line for line in read_metrics(folder) if line["step"] <= step]
        path = folder / METRICS
        path.write_bytes(b"".join(map(_json_line, kept)))
        self._file = path.open("ab")
        self._external = _open_external_run(external, folder, parameters)

    def log(self, step: int, **values: float) -> None:
        """Write the values of one update, counted from 1."""
        self._file.write(_json_line({"step": step, **values}))
        self._file.flush()
        logger.info("step %s: %s", step, ", ".join(f"{k} {v:.4g}" for k, v in values.items()))
        if self._external is not None:
            self._external.log(step, values)

    def close(self, *, finished: bool = False) -> None:
        """Close the files. `finished` is False if the run stopped to be resumed later."""
        self._file.close()
        if self._external is not None:
            self._external.close(finished=finished)


def _json_line(values: dict[str, Any]) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _open_external_run(name: str, folder: Path, parameters: dict[str, Any]) -> ExternalRun | None:
    """Open or continue the run in the tracker `name`; return None without a name.

    Raises JobError if the tracker's package is not installed.
    """
    if not name:
        return None
    try:
        module: Any = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise JobError(
            f"The tracker {name} is not installed on this worker: run `pip install {name}` there, "
            "or leave the tracker empty."
        ) from error
    run_id = (read_json(folder / EXTERNAL_RUN) or {}).get(name)
    kind = MlflowRun if name == "mlflow" else WandbRun
    run: ExternalRun = kind(module, run_id, folder.name, parameters)
    write_json(folder / EXTERNAL_RUN, {name: run.id})
    return run


class MlflowRun:
    """A run in MLflow. `run_id` continues a run; None starts one."""

    def __init__(
        self, module: Any, run_id: str | None, name: str, parameters: dict[str, Any]
    ) -> None:
        self._module = module
        if run_id is None:
            module.set_experiment(PROJECT)
        self._run = module.start_run(run_id=run_id, run_name=None if run_id else name)
        if run_id is None:
            module.log_params(parameters)

    @property
    def id(self) -> str:
        return str(self._run.info.run_id)

    def log(self, step: int, values: dict[str, float]) -> None:
        """Send the values of one update."""
        self._module.log_metrics(values, step=step)

    def close(self, *, finished: bool) -> None:
        """End the run as finished or as killed."""
        self._module.end_run("FINISHED" if finished else "KILLED")


class WandbRun:
    """A run in W&B. `run_id` continues a run; None starts one."""

    def __init__(
        self, module: Any, run_id: str | None, name: str, parameters: dict[str, Any]
    ) -> None:
        self._run = module.init(
            project=PROJECT, id=run_id, resume="allow", name=name, config=parameters
        )

    @property
    def id(self) -> str:
        return str(self._run.id)

    def log(self, step: int, values: dict[str, float]) -> None:
        """Send the values of one update."""
        self._run.log(values, step=step)

    def close(self, *, finished: bool) -> None:
        """End the run as finished or as failed."""
        self._run.finish(exit_code=0 if finished else 1)
