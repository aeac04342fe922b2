"""One part of one seed, in a process of its own."""

import logging
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ONE_ANSWER, MANY_ANSWERS = "one answer", "many answers"
PARTS = (ONE_ANSWER, MANY_ANSWERS)


def run_part(part: str, number: int, *, folder: Path, small: bool) -> dict[str, Any]:
    """Run the arms of a part of seed `number` and return their results.

    `part` is a member of PARTS: problems with one correct solution, or with many.
    """
    import django

    django.setup()
    logging.getLogger("training").setLevel(logging.WARNING)
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # one per loaded model
    from training.loop import (
        many_answers_experiment,
        mistake_experiment,
        nft_experiment,
        prm_experiment,
    )
    from training.loop.experiment import SMALL_SIZES, ExperimentSizes, SeedRun

    start = time.process_time()
    part_folder = folder / f"seed-{number}" / part.replace(" ", "-")
    sizes = SMALL_SIZES if small else ExperimentSizes()
    seed = SeedRun(number, part_folder, sizes, _log)
    if part == MANY_ANSWERS:
        many_answers_experiment.compare(seed)
    else:
        base, lessons = nft_experiment.train_base(seed)
        mistake_experiment.compare(seed)
        prm_experiment.compare(seed, base)
        nft_experiment.compare(seed, base, lessons)
    return {
        "seed": number,
        "solved": seed.solved,
        "figures": seed.figures,
        "seconds": time.process_time() - start,
    }


def merge_parts(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the results of one seed's parts as one."""
    merged: dict[str, Any] = {"solved": {}, "figures": {}, "seconds": 0.0}
    for part in parts:
        merged["seed"] = part["seed"]
        merged["solved"] |= part["solved"]
        merged["figures"] |= part["figures"]
        merged["seconds"] += part["seconds"]
    return merged


def _log(message: str) -> None:
    sys.stderr.write(message + "\n")
