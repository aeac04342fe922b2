"""`misstep recipes`: the recipes with their options, columns and an example each."""

from typing import Any

from django.core.management.base import BaseCommand

from exports.recipe_reference import recipes_in_markdown


class Command(BaseCommand):
    help = "Print the export recipes with their options, columns and an example row."

    def handle(self, **options: Any) -> None:
        self.stdout.write(recipes_in_markdown())
