import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from misstep.local import site
from misstep.local.errors import LocalServiceError
from misstep.local.workers import QUEUES, names_for, startable


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health/" else 404)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        return


@pytest.fixture
def healthy() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Supervisor:
    """A supervisor that can be looked at so many times before its site is lost."""

    def __init__(self, looks: int, failure: str = "") -> None:
        self.looks = looks
        self.failure = failure

    def look(self) -> bool:
        self.looks -= 1
        return self.looks >= 0


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MISSTEP_HOME", str(tmp_path))
    monkeypatch.delenv("MISSTEP_HOSTS", raising=False)
    return tmp_path


def test_the_pages_start_first_and_the_scheduler_last() -> None:
    children = site.children("127.0.0.1", 8000)
    assert [child.name for child in children] == [
        "web",
        *(f"worker-{name}" for name in names_for(startable(QUEUES))),
        "scheduler",
    ]
    assert [child.name for child in children if child.essential] == ["web"]


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000")])
def test_the_pages_listen_where_they_should(host: str, bind: str) -> None:
    command = list(site.web_child(host, 8000).program.command)
    assert command[command.index("--bind") + 1] == bind


def test_the_names_that_a_site_answers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert site.answered_names("127.0.0.1") == "127.0.0.1,localhost,[::1]"
    open_to_all = site.answered_names("lab-server").split(",")
    assert open_to_all[3] == "lab-server"
    assert len(open_to_all) == len(set(open_to_all))
    monkeypatch.setenv("MISSTEP_HOSTS", "misstep.example.org")
    assert site.answered_names("lab-server") == "misstep.example.org"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("lab-server", "http://lab-server:8000"),
    ],
)
def test_the_address_to_open(host: str, address: str) -> None:
    assert site.address(host, 8000) == address


def test_a_home_runs_one_site_at_a_time(home: Path) -> None:
    with site.only_once("http://127.0.0.1:8000"):
        second = site.only_once("http://127.0.0.1:9000")
        with pytest.raises(LocalServiceError, match=r"at http://127\.0\.0\.1:8000:"):
            second.__enter__()
        assert (home / "locks" / "site").read_text() == "http://127.0.0.1:8000"
    with site.only_once("http://x:1"):
        assert (home / "locks" / "site").read_text() == "http://x:1"


def test_waiting_ends_when_the_pages_answer(healthy: str) -> None:
    supervisor = Supervisor(looks=100)
    site.wait_until_open(supervisor, healthy)  # type: ignore[arg-type]
    assert supervisor.looks > 0


def test_waiting_ends_with_the_reason_of_a_lost_site() -> None:
    with pytest.raises(LocalServiceError, match=r"^web stopped 5 times"):
        site.wait_until_open(Supervisor(2, "web stopped 5 times."), "http://127.0.0.1:1")  # type: ignore[arg-type]


def test_waiting_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "LONGEST_START", 0.0)
    with pytest.raises(LocalServiceError, match=r"see .*web\.log"):
        site.wait_until_open(Supervisor(looks=9), "http://127.0.0.1:1")  # type: ignore[arg-type]
