"""Metrics of a run: a line an update in its own folder, and in MLflow or W&B where asked."""

import importlib
import logging
from pathlib import Path
from typing import Any, Protocol

import orjson

from training.jobs.errors import JobError
from training.jobs.files import read_json, write_json

logger = logging.getLogger(__name__)

METRICS = "metrics.jsonl"
# The run's id in the other tracker, which a resumed run goes on with.
ELSEWHERE = "tracker.json"
PROJECT = "misstep"


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """Every complete line, in order; one that is being written is left out."""
    path = folder / METRICS
    if not path.is_file():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [orjson.loads(line) for line in lines]


class Other(Protocol):
    """A run in a tracker of somebody else's."""

    @property
    def id(self) -> str: ...

    def log(self, step: int, values: dict[str, float]) -> None: ...

    def close(self, *, finished: bool) -> None: ...


class Tracker:
    """Writes `metrics.jsonl`. A run that resumes at `step` drops what was written after it."""

    def __init__(self, folder: Path, *, step: int, other: str, about: dict[str, Any]) -> None:
        kept = [line for line in read_metrics(folder) if line["step"] <= step]
        path = folder / METRICS
        path.write_bytes(b"".join(map(_line, kept)))
        self._file = path.open("ab")
        self._other = _other(other, folder, about)

    def log(self, step: int, **values: float) -> None:
        self._file.write(_line({"step": step, **values}))
        self._file.flush()
        logger.info("step %s: %s", step, ", ".join(f"{k} {v:.4g}" for k, v in values.items()))
        if self._other is not None:
            self._other.log(step, values)

    def close(self, *, finished: bool = False) -> None:
        """`finished` where the run is over, not stopped to go on later."""
        self._file.close()
        if self._other is not None:
            self._other.close(finished=finished)


def _line(values: dict[str, Any]) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _other(name: str, folder: Path, about: dict[str, Any]) -> Other | None:
    """None where none is asked for. Raises JobError where the package is not installed."""
    if not name:
        return None
    try:
        module: Any = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise JobError(
            f"The run asks for {name}, which is not installed on this worker: "
            f"run `pip install {name}` there, or leave the tracker empty."
        ) from error
    kept = (read_json(folder / ELSEWHERE) or {}).get(name)
    kind = MlflowRun if name == "mlflow" else WandbRun
    other: Other = kind(module, kept, folder.name, about)
    write_json(folder / ELSEWHERE, {name: other.id})
    return other


class MlflowRun:
    """`kept` is the id of the run to go on with, None for a new one."""

    def __init__(self, module: Any, kept: str | None, name: str, about: dict[str, Any]) -> None:
        self._module = module
        if kept is None:
            module.set_experiment(PROJECT)
        self._run = module.start_run(run_id=kept, run_name=None if kept else name)
        if kept is None:
            module.log_params(about)

    @property
    def id(self) -> str:
        return str(self._run.info.run_id)

    def log(self, step: int, values: dict[str, float]) -> None:
        self._module.log_metrics(values, step=step)

    def close(self, *, finished: bool) -> None:
        self._module.end_run("FINISHED" if finished else "KILLED")


class WandbRun:
    """`kept` is the id of the run to go on with, None for a new one."""

    def __init__(self, module: Any, kept: str | None, name: str, about: dict[str, Any]) -> None:
        self._run = module.init(project=PROJECT, id=kept, resume="allow", name=name, config=about)

    @property
    def id(self) -> str:
        return str(self._run.id)

    def log(self, step: int, values: dict[str, float]) -> None:
        self._run.log(values, step=step)

    def close(self, *, finished: bool) -> None:
        self._run.finish(exit_code=0 if finished else 1)
