"""How far a run is, read from what its job writes."""

from pathlib import Path
from typing import Any

from training.jobs.files import LOG, PLAN, read_json
from training.jobs.trackers import read_metrics

# What a curve needs; the whole metrics stay in the run's folder.
POINTS = 400
LOG_BYTES = 6_000


def latest(folder: Path) -> dict[str, Any]:
    """Fields of a TrainingRun: step, steps, metrics, log."""
    lines = read_metrics(folder)
    found: dict[str, Any] = {
        "step": lines[-1]["step"] if lines else 0,
        "metrics": thinned(lines),
        "log": log_end(folder),
    }
    plan = read_json(folder / PLAN)
    if plan:
        found["steps"] = plan["steps"]
    return found


def thinned(lines: list[dict[str, Any]], points: int = POINTS) -> list[dict[str, Any]]:
    """At most that many: means of as many neighbours each, at the step of the last."""
    if len(lines) <= points:
        return lines
    size = -(-len(lines) // points)
    return [_mean(lines[start : start + size]) for start in range(0, len(lines), size)]


def log_end(folder: Path) -> str:
    """The last lines of what the job said."""
    path = folder / LOG
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - LOG_BYTES))
        text = file.read().decode(errors="replace").replace("\x00", "")
    return text.partition("\n")[2] if size > LOG_BYTES else text


def _mean(lines: list[dict[str, Any]]) -> dict[str, Any]:
    mean: dict[str, Any] = {"step": lines[-1]["step"]}
    for name in {name for line in lines for name in line} - {"step"}:
        values = [line[name] for line in lines if line.get(name) is not None]
        mean[name] = sum(values) / len(values) if values else None
    return mean
