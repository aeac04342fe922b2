"""The command line `misstep`: Django's management commands, with the services they need running."""

import os
import sys
from collections.abc import Sequence

from misstep.local.errors import LocalServiceError
from misstep.local.service_keeper import services

COMMANDS = {
    "up": "start everything on this machine and open the site",
    "import": "bring in traces, with their labels, from files or a dataset",
    "score": "let PRMs, critics and checkers judge traces, now or on a schedule",
    "runs": "list scoring runs; pause, resume, cancel or retry one",
    "work": "let this machine score too: a further host joins with the same two URLs",
    "leaderboard": "rank judges, with intervals",
    "export": "write a training set whose every row leads back to its verdicts",
    "train": "train a model on an export, and follow it",
    "attempt": "let a policy attempt problems and verify it: rollouts to learn from",
    "recipes": "say what an export can be: options, columns, an example of each",
    "loop": "prove on a small policy that what comes out trains better models",
    "evaluate": "put a PRM through ProcessBench or traces of your own",
    "sample": "write a made-up dataset to try things with",
}
# These find the tables made, on the very first day too.
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

# They work with every command; a help that explains them each time hides what is the command's own.
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
