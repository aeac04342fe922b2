"""All arms of one seed, in whatever process."""

import logging
import sys
import time
from pathlib import Path
from typing import Any


def one_seed(number: int, *, folder: Path, small: bool) -> dict[str, Any]:
    """What the arms solved, and their other figures."""
    import django

    django.setup()
    logging.getLogger("training").setLevel(logging.WARNING)
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # one for each model loaded
    from training.loop import judging, learning, mistakes
    from training.loop.experiment import SMALL, Seed, Sizes

    seed = Seed(number, folder / f"seed-{number}", SMALL if small else Sizes(), _say)
    base, lessons = learning.taught_base(seed)
    mistakes.compare(seed)
    judging.compare(seed, base)
    learning.compare(seed, base, lessons)
    seconds = time.process_time()
    return {
        "seed": number,
        "solved": seed.solved,
        "figures": seed.figures,
        "seconds": seconds,
    }


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
