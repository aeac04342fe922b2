"""Metrics of a run: a line an update in its own folder, and in MLflow or W&B where asked."""

import importlib
import logging
from pathlib import Path
from typing import Any

import orjson

from training.jobs.errors import JobError

logger = logging.getLogger(__name__)

METRICS = "metrics.jsonl"


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """Every complete line, in order; one that is being written is left out."""
    path = folder / METRICS
    if not path.is_file():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [orjson.loads(line) for line in lines]


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
            self._other(step, values)

    def close(self) -> None:
        self._file.close()


def _line(values: dict[str, Any]) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _other(name: str, folder: Path, about: dict[str, Any]) -> Any:
    """A function (step, values), or None. Raises JobError where the package is not installed."""
    if not name:
        return None
    try:
        module: Any = importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise JobError(
            f"The run asks for {name}, which is not installed on this worker: "
            f"run `pip install {name}` there, or leave the tracker empty."
        ) from error
    if name == "mlflow":
        module.start_run(run_name=folder.name)
        module.log_params(about)
        return lambda step, values: module.log_metrics(values, step=step)
    run = module.init(project="misstep", name=folder.name, config=about)
    return lambda step, values: run.log(values, step=step)
