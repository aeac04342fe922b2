"""The command line `misstep`: Django's management commands, with the services they need running."""

import os
import sys
from collections.abc import Sequence

from misstep.local.errors import LocalServiceError
from misstep.local.service_keeper import services

COMMANDS = {
    "up": "start everything on this machine and serve the site",
    "import": "import traces and labels from files or a Hugging Face dataset",
    "score": "score traces with PRMs, critics and checkers, now or on a schedule",
    "runs": "list scoring runs; pause, resume, cancel or retry one",
    "work": "add this machine as a worker, with the same two URLs",
    "leaderboard": "rank judges, with confidence intervals",
    "export": "write a training set with the lineage of every row",
    "train": "train a model on an export and show its progress",
    "attempt": "sample verified rollouts of a policy on the problems of a dataset",
    "recipes": "list export recipes with their options, columns and an example",
    "loop": "run the whole loop on a small policy and report whether training helped",
    "evaluate": "evaluate a PRM on ProcessBench or on your own traces",
    "sample": "write a synthetic dataset to try things out",
}
# These need tables, which are made first on a new installation.
WITH_TABLES = set(COMMANDS) - {"up", "recipes", "sample"}
# These neither read nor write the database, so nothing is started for them.
WITHOUT_SERVICES = {
    "help",
    "recipes",
    "check",
    "collectstatic",
    "makemessages",
    "compilemessages",
    "sample",
}

# They work with every command; a help that lists them each time hides the command's own options.
DJANGOS_OPTIONS = {
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Exits with 1 and a sentence where a service can't be started."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in {"--help", "-h"}:
        sys.stdout.write(overview())
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "misstep.settings")
    try:
        run(words)
    except LocalServiceError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def run(words: list[str]) -> None:
    from django.core.management import BaseCommand, execute_from_command_line

    from misstep.local.external_services import require_answers

    BaseCommand.suppressed_base_arguments = DJANGOS_OPTIONS
    command = ["misstep", *words]
    asks_for_help = {"--help", "-h", "--version"} & set(words)
    if asks_for_help or words[0] in WITHOUT_SERVICES:
        execute_from_command_line(command)
        return
    require_answers()
    with services():
        if words[0] in WITH_TABLES:
            import django

            django.setup()
            from misstep.migrate_on_start import make_sure_of_tables

            make_sure_of_tables()
        execute_from_command_line(command)


def overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {phrase}" for name, phrase in COMMANDS.items()]
    return (
        "Usage: misstep COMMAND [OPTIONS]\n\n"
        + "\n".join(lines)
        + "\n\n`misstep COMMAND --help` says more. Django's own commands are there too, such as "
        "`misstep createsuperuser`.\nThe data lives in `.misstep`; set MISSTEP_HOME for another "
        "folder, DATABASE_URL and REDIS_URL for servers of yours.\n"
    )
