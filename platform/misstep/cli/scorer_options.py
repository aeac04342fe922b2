"""A scorer on the command line: by its name, or made from its recipe."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from inference.models import Scorer
from inference.scorers.registry import named, register


def add_recipe_options(parser: ArgumentParser) -> None:
    parser.add_argument("--scorer", required=True, help="arithmetic, or a scorer's name")
    parser.add_argument("--model", default="", help="make the scorer: a hub id or a folder")
    parser.add_argument("--revision", default="", help="with --model: a commit of the hub")
    parser.add_argument("--backend", default="qwen-prm", help="with --model: how it is asked")
    parser.add_argument("--threshold", type=float, help="with --model: below it a step is wrong")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="with --model: a parameter, such as endpoint=http://gpu-1:8000/v1 or samples=8",
    )
    parser.add_argument(
        "--prompt", metavar="FILE", help="with --model: the file with a critic's prompt"
    )


def scorer_of(options: dict[str, Any]) -> Scorer:
    """Raises ScoringRefused, and CommandError for options that can't be read."""
    if not options["model"]:
        if options["set"] or options["prompt"]:
            raise CommandError("--set and --prompt make a scorer; give its --model too.")
        if options["threshold"] is not None:
            raise CommandError(
                "--threshold makes a scorer; give its --model too. For another threshold on scores "
                "that are there: misstep rethreshold."
            )
        if options["revision"]:
            raise CommandError("--revision makes a scorer; give its --model too.")
        return named(options["scorer"])
    return register(
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
            # As it stands: read_text would change line ends, and they are part of the prompt.
            parameters["prompt"] = Path(options["prompt"]).read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The prompt can't be read: {error}.") from error
    return parameters


def _parameter(text: str) -> tuple[str, Any]:
    """A value is JSON where it can be read as such, else text: 8 is a number, paper a word."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise CommandError(f"--set {text} is not NAME=VALUE, such as --set samples=8.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
