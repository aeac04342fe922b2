"""One run from its folder: reads `run.json`, resumes if it can, leaves `model/` and `result.json`.

run.json         job, export (a folder), settings
metrics.jsonl    a line an update
checkpoint.pt    the last one
model/           the trained model, whole
result.json      written last: a folder with it is finished
"""

import logging
import shutil
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import orjson
import torch
from transformers import PreTrainedTokenizerBase

from training.jobs import JOBS
from training.jobs.errors import JobError
from training.jobs.examples import IGNORE, Example
from training.jobs.models import load_tokenizer, save_model
from training.jobs.optimising import Objective, Stop, Work, optimise
from training.jobs.reading import ExportFolder, Row, open_export
from training.jobs.settings import Settings, read_settings
from training.jobs.tracking import Tracker

logger = logging.getLogger(__name__)

RUN = "run.json"
RESULT = "result.json"
MODEL = "model"
TRAIN = "train"
HELD_OUT = ("validation", "test", "heldout", "held_out")


class Job(Protocol):
    """What differs between the jobs. `prepare` may complete examples with the untrained model."""

    @property
    def objective(self) -> Objective: ...

    def load_model(self) -> torch.nn.Module: ...

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]: ...

    def prepare(
        self, model: torch.nn.Module, examples: list[Example], pad: int
    ) -> list[Example]: ...


def write_run(folder: Path, *, job: str, export: Path, settings: dict[str, Any]) -> None:
    """A new run's folder. Raises JobError for a job or settings that can't be run."""
    if job not in JOBS:
        raise JobError(f"There is no job {job!r}; there are {', '.join(JOBS)}.")
    read_settings(JOBS[job].settings, settings)
    folder.mkdir(parents=True, exist_ok=True)
    about = {"job": job, "export": str(export.resolve()), "settings": settings}
    (folder / RUN).write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2))


def run(folder: Path, *, stop: Stop = lambda: False) -> dict[str, Any] | None:
    """Train to the end and return the result, or None if told to stop; a finished run's again.

    Raises JobError for an export, a model or settings that don't do."""
    if (folder / RESULT).is_file():
        return cast(dict[str, Any], orjson.loads((folder / RESULT).read_bytes()))
    about = _about(folder)
    entry = JOBS[about["job"]]
    settings = read_settings(entry.settings, about["settings"])
    export = open_export(Path(about["export"]), recipes=entry.recipes)
    module, _, name = entry.path.rpartition(".")
    job: Job = getattr(import_module(module), name)(settings)
    tokenizer = load_tokenizer(settings)
    work = _work(job, export, tokenizer, settings)

    def tracker(step: int) -> Tracker:
        return Tracker(folder, step=step, other=settings.tracker, about=about["settings"])

    if not optimise(work, folder, tracker=tracker, stop=stop):
        return None
    shutil.rmtree(folder / MODEL, ignore_errors=True)
    save_model(work.model, tokenizer, folder / MODEL)
    return _finish(folder, about, work)


def _about(folder: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = orjson.loads((folder / RUN).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise JobError(f"{folder} is not the folder of a run: it has no {RUN}.") from error
    return about


def _work(
    job: Job, export: ExportFolder, tokenizer: PreTrainedTokenizerBase, settings: Settings
) -> Work:
    held_out = next((name for name in HELD_OUT if name in export.files), "")
    # An export without the usual names is trained on whole.
    splits = [TRAIN] if TRAIN in export.files else [s for s in export.files if s != held_out]
    model = job.load_model()
    pad = cast(int, tokenizer.pad_token_id)
    rows = (row for split in splits for row in export.rows(split))
    train = _usable(job.examples(rows, tokenizer), settings, export)
    if not train:
        raise JobError(
            f"{export.path} has no row to train on: none has a label on its first "
            f"{settings.max_tokens} tokens."
        )
    other = _usable(job.examples(export.rows(held_out), tokenizer), settings, export)
    return Work(
        model,
        job.objective,
        job.prepare(model, train, pad),
        job.prepare(model, other, pad),
        settings,
        pad,
    )


def _usable(examples: Iterable[Example], settings: Settings, export: ExportFolder) -> list[Example]:
    """Those that fit and that have something to learn, and a line in the log about the others."""
    kept, left_out = [], 0
    for example in examples:
        fits = len(example.ids) <= settings.max_tokens
        if fits and any(label != IGNORE for label in example.labels[1:]):
            kept.append(example)
        else:
            left_out += 1
    if left_out:
        logger.warning(
            "%s of %s sequences of %s have no label or more than %s tokens and are left out",
            left_out, left_out + len(kept), export.path, settings.max_tokens,
        )  # fmt: skip
    return kept


def _finish(folder: Path, about: dict[str, Any], work: Work) -> dict[str, Any]:
    result = {
        **about,
        "steps": work.steps,
        "examples": len(work.examples),
        "held_out": len(work.held_out),
        "model": str((folder / MODEL).resolve()),
    }
    partial = folder / (RESULT + ".partial")
    partial.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    partial.replace(folder / RESULT)
    return result
