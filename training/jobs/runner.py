"""One run from its folder: reads `run.json`, resumes if it can, leaves the model and the result."""

import logging
import shutil
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs import JOBS
from training.jobs.errors import JobError
from training.jobs.examples import IGNORE, Example
from training.jobs.export_reader import ExportFolder, Row, open_export
from training.jobs.files import MODEL, PLAN, RESULT, read_json, read_run, write_json
from training.jobs.job_settings import Settings, read_settings
from training.jobs.model_loading import load_tokenizer, save_model
from training.jobs.optimizer import Objective, Stop, Work, optimise
from training.jobs.trackers import Tracker

logger = logging.getLogger(__name__)

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


def run(folder: Path, *, stop: Stop = lambda: False) -> dict[str, Any] | None:
    """Train to the end and return the result, or None if told to stop; a finished run's again.

    Raises JobError for an export, a model or settings that don't do."""
    if done := read_json(folder / RESULT):
        return done
    about = read_run(folder)
    entry = JOBS[about["job"]]
    settings = read_settings(entry.settings, about["settings"])
    export = open_export(Path(about["export"]), recipes=entry.recipes)
    module, _, name = entry.path.rpartition(".")
    job: Job = getattr(import_module(module), name)(settings)
    tokenizer = load_tokenizer(settings)
    work = _work(job, export, tokenizer, settings)
    counts = {
        "steps": work.steps,
        "examples": len(work.examples),
        "held_out": len(work.held_out),
    }
    write_json(folder / PLAN, counts)

    def tracker(step: int) -> Tracker:
        return Tracker(folder, step=step, other=settings.tracker, about=about["settings"])

    if not optimise(work, folder, tracker=tracker, stop=stop):
        return None
    shutil.rmtree(folder / MODEL, ignore_errors=True)
    save_model(work.model, tokenizer, folder / MODEL)
    result = {**about, **counts, "model": str((folder / MODEL).resolve())}
    write_json(folder / RESULT, result)
    return result


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
