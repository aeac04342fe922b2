"""`misstep work --queues prm,critic`: workers on this machine.

A further host needs the same code and the same two addresses, DATABASE_URL and REDIS_URL.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from misstep.local import addresses
from misstep.local.supervisor import Supervisor
from misstep.local.workers import (
    QUEUES,
    SCORING_QUEUES,
    celery_options,
    names_for,
    require_startable,
    startable,
    worker_children,
)


class Command(BaseCommand):
    help = (
        "Start workers on this machine. It joins a site with the same DATABASE_URL and REDIS_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queues",
            help=(
                f"comma-separated, from {', '.join(QUEUES)}; by default all of "
                f"{', '.join(SCORING_QUEUES)} whose packages are installed"
            ),
        )
        parser.add_argument(
            "--name",
            default="",
            help=(
                "name that tells workers on one host apart, for example one per GPU with "
                "CUDA_VISIBLE_DEVICES"
            ),
        )

    def handle(self, *args: Any, queues: str | None, name: str, **options: Any) -> None:
        wanted = _queues(queues) if queues else startable(SCORING_QUEUES)
        require_startable(wanted)
        suffix = f"-{name}" if name else ""
        workers = names_for(wanted)
        if len(workers) == 1:
            _become(workers[0], wanted, suffix)
            return
        supervisor = Supervisor(worker_children(wanted, suffix=suffix), self.say)
        supervisor.answer_signals()
        supervisor.start()
        self.say(
            f"This machine serves {', '.join(wanted)}. Logs are in {addresses.logs()}. "
            "Ctrl-C stops it."
        )
        supervisor.run()
        if supervisor.failure:
            raise CommandError(supervisor.failure)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _queues(text: str) -> list[str]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    unknown = sorted(set(names) - set(QUEUES))
    if unknown or not names:
        raise CommandError(f"No queue {text!r}. Choose from {', '.join(QUEUES)}.")
    return names


def _become(worker: str, queues: list[str], suffix: str) -> None:
    """Run Celery in this process: its log goes to the terminal or the container."""
    from misstep.celery import app

    app.worker_main(celery_options(worker, queues, node=worker + suffix))
