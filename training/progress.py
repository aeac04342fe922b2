"""The progress of a run, read from the files of its job."""

from pathlib import Path
from typing import Any

from training.jobs.files import LOG, PLAN, read_json
from training.jobs.trackers import read_metrics

# Enough for a chart; the complete metrics stay in the run's folder.
POINTS = 400
LOG_BYTES = 6_000


def read_progress(folder: Path) -> dict[str, Any]:
    """Return the fields step, steps, metrics and log of a TrainingRun."""
    lines = read_metrics(folder)
    fields: dict[str, Any] = {
        "step": lines[-1]["step"] if lines else 0,
        "metrics": downsample(lines),
        "log": log_tail(folder),
    }
    plan = read_json(folder / PLAN)
    if plan:
        fields["steps"] = plan["steps"]
    return fields


def downsample(lines: list[dict[str, Any]], points: int = POINTS) -> list[dict[str, Any]]:
    """Return at most `points` lines: means of equally many neighbours, at the last one's step."""
    if len(lines) <= points:
        return lines
    size = -(-len(lines) // points)
    return [_mean(lines[start : start + size]) for start in range(0, len(lines), size)]


def log_tail(folder: Path) -> str:
    """Return the last complete lines of the job's log."""
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
