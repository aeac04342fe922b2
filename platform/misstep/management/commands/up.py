"""`misstep up`: everything on this machine, from nothing to a page with data on it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.login_links import login_path
from accounts.models import User
from misstep.local import addresses, site
from misstep.local.ports import require_free
from misstep.local.supervisor import Supervisor
from misstep.local.workers import NEEDS, QUEUES, startable


class Command(BaseCommand):
    help = "Start Misstep on this machine: database, site and workers. Ctrl-C stops it."
    # The tables that the checks read are made by this very command.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="address to listen on; 0.0.0.0 accepts other machines too",
        )

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        where = site.address(host, port)
        with site.only_once(where):
            require_free(host, port)
            self.prepare()
            supervisor = Supervisor(site.children(host, port), self.say)
            supervisor.answer_signals()
            try:
                supervisor.start()
                site.wait_until_open(supervisor, where)
                self.greet(host, where)
                supervisor.run()
            finally:
                supervisor.stop()

    def prepare(self) -> None:
        """Tables, files of the pages, and on the first start something to look at."""
        call_command("migrate", verbosity=0)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not User.objects.exists():
            self.say("First start: creating an account and importing sample traces.")
            from misstep import first_run

            first_run.prepare()
            first_run.lead()

    def greet(self, host: str, where: str) -> None:
        lead = User.objects.filter(role=User.Role.LEAD, is_active=True).order_by("pk").first()
        self.say(f"Misstep is running at {where}/")
        if lead is not None:
            self.say(f"One-time sign-in link for {lead}: {where}{login_path(lead)}")
        if not site.is_loopback(host):
            self.say(
                "Other machines can connect, without encryption. Set MISSTEP_HOSTS to the "
                f"host names they use, now {site.answered_names(host)}."
            )
        for queue in sorted(set(QUEUES) - set(startable(QUEUES))):
            need = NEEDS[queue]
            self.say(f'No worker serves {queue}. To add one, run `pip install "misstep[{need}]"`.')
        self.say(f"Logs are in {addresses.logs()}. Ctrl-C stops everything.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
