"""A reviewer at a desk, for browser tests: people and queues in the running platform, and pages."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect

from tests.e2e.conftest import ROOT, Platform, environment

PASSWORD = "a long word"
# A part that the review page's script can't do without.
SCRIPT = "**/js/review/page*.js"
expect.set_options(timeout=20_000)

# Steps are "2 + 2 = 4." and the like; the trace's own number tells them apart.
SEED = """
import json, sys
from accounts.models import User
from annotations.queues.create import create_queue
from annotations.queues.populate import fill
from tests.factories import make_dataset, make_scorer, make_trace, make_verdict
asked = json.loads({asked!r})
dataset = make_dataset(asked["name"])
for name in asked["people"]:
    if not User.objects.filter(username=name).exists():
        User.objects.create_user(username=name, password={password!r}, role="annotator")
judges = [make_scorer(asked["name"] + "-prm", threshold=0.5).judge] if asked["judged"] else []
for number, steps in enumerate(asked["traces"]):
    trace = make_trace(
        dataset, steps=steps, problem=asked["problem"] + " " + str(number),
        generator=asked["generator"], reference_solution=asked["problem"],
    )
    for judge in judges:
        scores = [0.9] + [0.2] * (len(steps) - 1)
        make_verdict(trace, judge, 1, scores=scores, explanation="THE PRM SAYS SO")
rules = dict(is_for_everyone=True) | asked["rules"]
queue = create_queue(dataset, asked["name"], created_by=None, **rules)
fill(queue)
print("SEEDED", queue.pk)
"""

SAID = """
import json
from traces.models import Verdict
found = Verdict.objects.current().filter(trace__dataset__name={name!r}).exclude(judge__kind="model")
print("SAID", json.dumps([
    dict(trace=v.trace.external_id, judge=v.judge.kind, who=v.judge.name, label=v.earliest_error,
         error_type=v.error_type, correction=v.correction, note=v.explanation,
         shown=bool(v.shown_judges), before=v.shown_before_deciding, labels=v.step_labels)
    for v in found.order_by("trace_id", "pk")]))
"""


@dataclass
class Desk:
    """One queue in the running platform."""

    platform: Platform
    name: str
    traces: list[list[str]]
    people: list[str] = field(default_factory=lambda: ["ada"])
    problem: str = "What is wrong here?"
    generator: str = "some-model"
    judged: bool = False
    rules: dict[str, Any] = field(default_factory=dict)
    queue: int = 0

    def __post_init__(self) -> None:
        names = ["name", "people", "judged", "traces", "problem", "generator", "rules"]
        asked = json.dumps({name: getattr(self, name) for name in names})
        self.queue = self._asked(SEED.format(asked=asked, password=PASSWORD), "SEEDED")

    @property
    def address(self) -> str:
        return f"{self.platform.address}/queues/{self.queue}/review/"

    def said(self) -> list[dict[str, Any]]:
        """Return the labels of people and consensus for the queue's traces, in their order."""
        found: list[dict[str, Any]] = self._asked(SAID.format(name=self.name), "SAID")
        return found

    def _asked(self, script: str, word: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "misstep.cli", "shell", "-v0"],
            input=script,
            cwd=ROOT,
            env=environment(self.platform.home),
            capture_output=True,
            text=True,
            timeout=120,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith(word)]
        assert lines, done.stderr
        return json.loads(lines[0].removeprefix(word))


def sit_down(
    browser: Browser, desk: Desk, who: str = "ada", **options: Any
) -> tuple[BrowserContext, Page]:
    """Open a browser of the person's own, logged in, at the queue's next trace."""
    options.setdefault("viewport", {"width": 1280, "height": 860})
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    log_in(page, desk.platform, who)
    page.goto(desk.address)
    ready(page)
    return context, page


def log_in(page: Page, platform: Platform, who: str) -> None:
    page.goto(f"{platform.address}/login/")
    page.get_by_label("Username").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def complaints(page: Page) -> list[str]:
    """Collect the page's errors from now on: of scripts and of the content policy."""
    heard: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error":
            heard.append(f"{page.url}: {said.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def saved(page: Page) -> None:
    expect(page.locator(".review-state")).to_have_attribute("data-state", "saved")


def ready(page: Page) -> None:
    """Wait until a trace is in view and its keys work."""
    expect(page.locator(".step.here")).to_be_visible()


def submit(page: Page, key: str = "Enter") -> None:
    """Submit by the key, and wait until another trace, or none, is in view."""
    with going_on(page):
        page.keyboard.press(key)


@contextmanager
def going_on(page: Page) -> Iterator[None]:
    """Wait until what is done in the block has led to another trace, or to none."""
    before = page.url
    yield
    page.wait_for_function("before => location.href !== before", arg=before)


@contextmanager
def before_its_script(page: Page) -> Iterator[None]:
    """Reload the page; its script comes at the end of the block."""
    held: list[Route] = []
    page.route(SCRIPT, lambda route: held.append(route))
    with page.expect_request(SCRIPT):
        page.reload(wait_until="commit")
    yield
    for route in held:
        route.continue_()
    page.unroute(SCRIPT)
    ready(page)


def step_in_view(page: Page) -> str:
    return page.locator(".step.here").get_attribute("id") or ""
