"""`misstep attempt DATASET --policy MODEL`: sample and verify a policy's attempts."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import track

from accounts.refusals import exit_on_refusal
from exports.recipes.nft_prompts import BOXED
from traces.management.lookup import get_dataset
from training.answer_check import CHECKERS

PARTIAL = ".partial"


class Command(BaseCommand):
    help = (
        "Sample solutions of a language model for the problems of a dataset; writes rows "
        "for `misstep import`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", help="dataset with the problems")
        parser.add_argument("--policy", required=True, help="a folder, or a Hugging Face model ID")
        parser.add_argument("--revision", default="", help="commit of the Hugging Face model")
        parser.add_argument("--name", default="", help="name of the generator; default: the model")
        parser.add_argument("--output", type=Path, required=True, help="file to write")
        parser.add_argument(
            "--problems", type=int, help="number of problems, drawn with the seed; default: all"
        )
        parser.add_argument("--subset", default="", help="only this subset")
        parser.add_argument("--samples", type=int, default=16, help="attempts per problem")
        parser.add_argument("--temperature", type=float, default=1.0)
        parser.add_argument("--top-p", type=float, default=1.0)
        parser.add_argument(
            "--max-tokens", type=int, default=512, help="maximum tokens per attempt"
        )
        parser.add_argument(
            "--instruction", default=BOXED, help="instruction after each problem, as in the export"
        )
        parser.add_argument(
            "--checker",
            choices=list(CHECKERS),
            default="math",
            help="compare answers as text (exact) or by value (math)",
        )
        parser.add_argument("--seed", type=int, default=1)

    @exit_on_refusal
    def handle(self, **options: Any) -> None:
        dataset = get_dataset(options["dataset"])
        output: Path = options["output"]
        _check(options)
        from training import verified_rollouts  # importing torch takes seconds

        problems = verified_rollouts.verifiable_problems(
            dataset, subset=options["subset"], limit=options["problems"], seed=options["seed"]
        )
        if not problems:
            raise CommandError("None of these problems has a reference answer to check against.")
        policy = verified_rollouts.load_policy(
            options["policy"], revision=options["revision"], name=options["name"]
        )
        groups = verified_rollouts.attempt_problems(policy, problems, _rollout_options(options))
        tracked = track(groups, "attempt", len(problems), console=Console(stderr=True))
        correct, count = _write(tracked, output)
        self.stdout.write(
            f"{count} attempts at {len(problems)} problems, {correct} with the correct "
            f"answer, written to {output}"
        )


def _check(options: dict[str, Any]) -> None:
    if options["output"].exists():
        raise CommandError(f"{options['output']} already exists. Choose another file.")
    if not options["output"].absolute().parent.is_dir():
        raise CommandError(f"The folder {options['output'].absolute().parent} doesn't exist.")
    for name in ("problems", "samples", "max_tokens"):
        if options[name] is not None and options[name] < 1:
            raise CommandError(f"--{name.replace('_', '-')} must be at least 1.")
    if options["temperature"] < 0 or not 0 < options["top_p"] <= 1:
        raise CommandError("--temperature must be 0 or more, and --top-p above 0 and at most 1.")


def _rollout_options(options: dict[str, Any]) -> Any:
    from training.jobs.policy_sampler import SamplingOptions
    from training.verified_rollouts import RolloutOptions

    sampling = SamplingOptions(
        temperature=options["temperature"],
        top_p=options["top_p"],
        samples=options["samples"],
        max_new_tokens=options["max_tokens"],
    )
    return RolloutOptions(sampling, options["instruction"], options["checker"], options["seed"])


def _write(groups: Iterable[list[dict[str, Any]]], output: Path) -> tuple[int, int]:
    """Write the rows and return the numbers of correct answers and of attempts.

    The file appears by a rename.
    """
    correct = count = 0
    partial = output.with_name(output.name + PARTIAL)
    with partial.open("wb") as file:
        for rows in groups:
            correct += sum(row["final_answer_correct"] for row in rows)
            count += len(rows)
            file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    partial.rename(output)
    return correct, count
