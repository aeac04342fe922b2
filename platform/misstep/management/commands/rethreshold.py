"""`misstep rethreshold SCORER --threshold T --name NAME`: new verdicts from stored scores."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.refusals import exit_on_refusal
from inference.scorers.registry import get_scorer
from inference.scorers.rethreshold import derive_verdicts, scorer_at_threshold


class Command(BaseCommand):
    help = "Derive a scorer with another threshold from stored scores, without running the model."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scorer", help="the scorer with stored scores")
        parser.add_argument(
            "--threshold", type=float, required=True, help="a step scored below it is wrong"
        )
        parser.add_argument("--name", required=True, help="name of the new scorer")

    @exit_on_refusal
    def handle(self, *args: Any, scorer: str, threshold: float, name: str, **options: Any) -> None:
        source = get_scorer(scorer)
        made = scorer_at_threshold(source, threshold, name=name)
        count = derive_verdicts(made, source)
        self.stdout.write(
            f"{made.name}: {count:,} verdicts at the threshold {made.threshold:g}, from the scores "
            f"of {source.name}."
        )
