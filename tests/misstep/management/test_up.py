import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from misstep import first_run
from misstep.management.commands import up
from misstep.management.commands.up import Command
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ADDRESS = "http://127.0.0.1:8000"


class Supervisor:
    """A supervisor whose site runs and stops at once; it notes what it is told."""

    calls: list[str]

    def __init__(self, children: list[str], say: object) -> None:
        Supervisor.calls = [f"children {children}"]

    def __getattr__(self, name: str) -> object:
        return lambda: Supervisor.calls.append(name)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    monkeypatch.setenv("MISSTEP_HOME", str(tmp_path))
    monkeypatch.setattr(up, "Supervisor", Supervisor)
    monkeypatch.setattr(up, "require_free", lambda host, port: None)
    monkeypatch.setattr(up, "call_command", lambda *words, **options: None)
    monkeypatch.setattr(up.site, "children", lambda host, port: [f"{host}:{port}"])
    monkeypatch.setattr(up.site, "wait_until_open", lambda supervisor, where: None)
    return Command(stdout=io.StringIO())


def text_of(command: Command) -> str:
    return command.stdout.getvalue()  # type: ignore[attr-defined]


def test_the_site_is_supervised_from_its_first_to_its_last_process(command: Command) -> None:
    make_user("ann", role="lead")
    command.handle(host="127.0.0.1", port=8000)
    assert Supervisor.calls == [
        "children ['127.0.0.1:8000']",
        "answer_signals",
        "start",
        "run",
        "stop",
    ]


def test_processes_stop_when_the_pages_never_open(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(supervisor: Supervisor, where: str) -> None:
        raise RuntimeError(where)

    make_user("ann", role="lead")
    monkeypatch.setattr(up.site, "wait_until_open", never)
    with pytest.raises(RuntimeError, match=ADDRESS):
        command.handle(host="127.0.0.1", port=8000)
    assert Supervisor.calls[-1] == "stop"


def test_the_first_start_makes_a_lead_and_imports_samples(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[str] = []
    monkeypatch.setattr(first_run, "prepare", lambda: prepared.append("samples"))
    command.prepare()
    assert (prepared, User.objects.get().username) == (["samples"], "lead")
    assert "First start" in text_of(command)
    command.prepare()
    assert prepared == ["samples"]


def test_the_printed_link_logs_the_lead_in(command: Command, client: Client) -> None:
    make_user("ann", role="lead")
    command.greet("127.0.0.1", ADDRESS)
    (line,) = (line for line in text_of(command).splitlines() if "ann" in line)
    path = line.rpartition(ADDRESS)[2]
    assert client.get(path).url == reverse("home")
    assert "MISSTEP_HOSTS" not in text_of(command)


def test_an_open_host_is_warned_of(command: Command) -> None:
    command.greet("0.0.0.0", ADDRESS)
    assert "without encryption" in text_of(command)
    assert "MISSTEP_HOSTS" in text_of(command)


def test_queues_without_their_package_are_named(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    command.greet("127.0.0.1", ADDRESS)
    assert text_of(command).count('pip install "misstep[torch]"') == 2
