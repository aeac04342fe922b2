"""A part of one seed's arms, in whatever process."""

import logging
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PARTS = ("one way", "many ways")


def one_seed(part: str, number: int, *, folder: Path, small: bool) -> dict[str, Any]:
    """What the arms solved, and their other figures: of problems with one right way, or of those
    with many."""
    import django

    django.setup()
    logging.getLogger("training").setLevel(logging.WARNING)
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # one for each model loaded
    from training.loop import (
        many_answers_experiment,
        mistake_experiment,
        nft_experiment,
        prm_experiment,
    )
    from training.loop.experiment import SMALL, Seed, Sizes

    began = time.process_time()
    place = folder / f"seed-{number}" / part.replace(" ", "-")
    seed = Seed(number, place, SMALL if small else Sizes(), _say)
    if part == "many ways":
        many_answers_experiment.compare(seed)
    else:
        base, lessons = nft_experiment.taught_base(seed)
        mistake_experiment.compare(seed)
        prm_experiment.compare(seed, base)
        nft_experiment.compare(seed, base, lessons)
    return {
        "seed": number,
        "solved": seed.solved,
        "figures": seed.figures,
        "seconds": time.process_time() - began,
    }


def joined(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One seed's parts as one."""
    whole: dict[str, Any] = {"solved": {}, "figures": {}, "seconds": 0.0}
    for part in parts:
        whole["seed"] = part["seed"]
        whole["solved"] |= part["solved"]
        whole["figures"] |= part["figures"]
        whole["seconds"] += part["seconds"]
    return whole


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
