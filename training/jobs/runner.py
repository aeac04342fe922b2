"""One run from its folder: read `run.json`, resume if possible, write the model and the result."""

import logging
import shutil
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs import JOBS
from training.jobs.batches import IGNORE, Example
from training.jobs.errors import JobError
from training.jobs.export_reader import ExportFolder, Row, open_export
from training.jobs.files import MODEL, PLAN, RESULT, read_json, read_run, write_json
from training.jobs.job_settings import Settings, read_settings
from training.jobs.model_loading import load_tokenizer, save_model
from training.jobs.optimizer import Objective, StopCheck, TrainingSetup, train_model
from training.jobs.trackers import Tracker

logger = logging.getLogger(__name__)

TRAIN = "train"
HELD_OUT = ("validation", "test", "heldout", "held_out")


class Job(Protocol):
    """The parts that differ between jobs. `prepare` may use the untrained model."""

    @property
    def objective(self) -> Objective: ...

    def load_model(self) -> torch.nn.Module: ...

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]: ...

    def prepare(
        self, model: torch.nn.Module, examples: list[Example], pad: int
    ) -> list[Example]: ...


def run(folder: Path, *, stop: StopCheck = lambda: False) -> dict[str, Any] | None:
    """Train to the end and return the result; return None if told to stop.

    A finished run returns its stored result. Raises JobError for an export, a model or settings
    that can't be used.
    """
    if result := read_json(folder / RESULT):
        return result
    spec = read_run(folder)
    entry = JOBS[spec["job"]]
    settings = read_settings(entry.settings, spec["settings"])
    export = open_export(Path(spec["export"]), recipes=entry.recipes)
    module, _, name = entry.path.rpartition(".")
    job: Job = getattr(import_module(module), name)(settings)
    tokenizer = load_tokenizer(settings)
    setup = _prepare(job, export, tokenizer, settings)
    counts = {
        "steps": setup.steps,
        "examples": len(setup.examples),
        "held_out": len(setup.held_out),
    }
    write_json(folder / PLAN, counts)

    def tracker(step: int) -> Tracker:
        return Tracker(folder, step=step, external=settings.tracker, parameters=spec["settings"])

    if not train_model(setup, folder, tracker=tracker, stop=stop):
        return None
    shutil.rmtree(folder / MODEL, ignore_errors=True)
    save_model(setup.model, tokenizer, folder / MODEL)
    result = {**spec, **counts, "model": str((folder / MODEL).resolve())}
    write_json(folder / RESULT, result)
    return result


def _prepare(
    job: Job, export: ExportFolder, tokenizer: PreTrainedTokenizerBase, settings: Settings
) -> TrainingSetup:
    """Load the model and the examples. Raises JobError if no row can be used for training."""
    held_out_split = next((name for name in HELD_OUT if name in export.files), "")
    # An export without a split "train" is used as a whole.
    splits = [TRAIN] if TRAIN in export.files else [s for s in export.files if s != held_out_split]
    model = job.load_model()
    pad = cast(int, tokenizer.pad_token_id)
    rows = (row for split in splits for row in export.rows(split))
    train = _trainable(job.examples(rows, tokenizer), settings, export)
    if not train:
        raise JobError(
            f"{export.path} has no row to train on: none has a label on its first "
            f"{settings.max_tokens} tokens."
        )
    held_out = _trainable(job.examples(export.rows(held_out_split), tokenizer), settings, export)
    return TrainingSetup(
        model,
        job.objective,
        job.prepare(model, train, pad),
        job.prepare(model, held_out, pad),
        settings,
        pad,
    )


def _trainable(
    examples: Iterable[Example], settings: Settings, export: ExportFolder
) -> list[Example]:
    """Return the examples that fit and have a label; log the number of the others."""
    kept, skipped = [], 0
    for example in examples:
        fits = len(example.ids) <= settings.max_tokens
        if fits and any(label != IGNORE for label in example.labels[1:]):
            kept.append(example)
        else:
            skipped += 1
    if skipped:
        logger.warning(
            "%s of %s sequences of %s have no label or more than %s tokens and are left out",
            skipped, skipped + len(kept), export.path, settings.max_tokens,
        )  # fmt: skip
    return kept
