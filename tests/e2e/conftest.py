"""The whole platform as a newcomer starts it, in a home of its own, and a real browser in front."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
# Chromium's flags for a machine without a screen, a sandbox or a network.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
START_LIMIT_SECONDS = 240


@dataclass(frozen=True)
class Platform:
    address: str
    login_link: str
    home: Path
    output: list[str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a platform in `home`, apart from the other tests'."""
    of_the_tests = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in of_the_tests}
    return kept | {"MISSTEP_HOME": str(home)}


@pytest.fixture(scope="session")
def started_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    home = tmp_path_factory.mktemp("home")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "misstep.cli", "up", "--port", str(port)],
        cwd=ROOT,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output: list[str] = []
    ready = threading.Event()
    link: list[str] = []

    def read() -> None:
        assert process.stdout
        for line in process.stdout:
            output.append(line)
            found = re.search(r"http://\S+/login/\S+", line)
            if found:
                link.append(found.group())
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    try:
        assert ready.wait(START_LIMIT_SECONDS), "".join(output)
        assert link, "".join(output)
        yield Platform(f"http://127.0.0.1:{port}", link[0], home, output)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


# Not for the whole session: while Playwright runs, no other test can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: install Debian's package chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield found
        found.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1360, "height": 900}, accept_downloads=True)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, started_platform: Platform) -> Page:
    """Open a page whose console must stay free of errors, also of the security policy."""
    made = context.new_page()
    made.set_default_timeout(20_000)
    return made
