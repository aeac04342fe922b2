"""Options that name a scorer, or describe one to register."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from inference.models import Scorer
from inference.scorers.registry import get_or_create_scorer, get_scorer


def add_recipe_options(parser: ArgumentParser) -> None:
    parser.add_argument("--scorer", required=True, help="arithmetic, or a scorer's name")
    parser.add_argument(
        "--model", default="", help="create the scorer: a Hugging Face model ID or a folder"
    )
    parser.add_argument("--revision", default="", help="with --model: a commit on the Hub")
    parser.add_argument("--backend", default="qwen-prm", help="with --model: backend type")
    parser.add_argument(
        "--threshold", type=float, help="with --model: a step scored below it is wrong"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="with --model: a parameter, such as endpoint=http://gpu-1:8000/v1 or samples=8",
    )
    parser.add_argument(
        "--prompt", metavar="FILE", help="with --model: file with the prompt of a critic"
    )


def scorer_of(options: dict[str, Any]) -> Scorer:
    """Return the scorer that the options name or describe.

    Raises ScoringRefused, and CommandError for options that can't be read.
    """
    if not options["model"]:
        if options["set"] or options["prompt"]:
            raise CommandError("--set and --prompt create a scorer and need --model.")
        if options["threshold"] is not None:
            raise CommandError(
                "--threshold creates a scorer and needs --model. For another threshold on "
                "stored scores, use misstep rethreshold."
            )
        if options["revision"]:
            raise CommandError("--revision creates a scorer and needs --model.")
        return get_scorer(options["scorer"])
    return get_or_create_scorer(
        options["scorer"],
        backend=options["backend"],
        model=options["model"],
        revision=options["revision"],
        threshold=options["threshold"],
        parameters=_parameters(options),
    )


def _parameters(options: dict[str, Any]) -> dict[str, Any]:
    parameters = dict(map(_parameter, options["set"]))
    if options["prompt"]:
        try:
            # Byte for byte: read_text would change line ends, which are part of the prompt.
            parameters["prompt"] = Path(options["prompt"]).read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The prompt can't be read: {error}.") from error
    return parameters


def _parameter(text: str) -> tuple[str, Any]:
    """Split NAME=VALUE; the value is read as JSON if possible, else as text."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise CommandError(f"--set {text}: use NAME=VALUE, such as --set samples=8.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
