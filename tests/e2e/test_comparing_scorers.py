"""From a file of ProcessBench to two scorers compared, all from the page; the time is printed."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Platform
from tests.e2e.test_whole_way import log_in

pytestmark = pytest.mark.e2e

SCORERS = ("arithmetic", "algebra")


def test_two_scorers_are_compared_on_processbench(
    page: Page, started_platform: Platform, shared_data: Callable[[str], Path]
):
    file = shared_data("processbench/gsm8k.json")
    log_in(page, started_platform)
    began = time.monotonic()
    bring_in(page, file)
    imported = time.monotonic()
    runs = [start(page, scorer) for scorer in SCORERS]
    for run in runs:
        page.goto(run)
        expect(page.locator("#state")).to_contain_text("finished", timeout=180_000)
    scored = time.monotonic()
    page.goto(f"{started_platform.address}/judges/?dataset=gsm8k")
    rows = [page.locator("tr.measured").filter(has_text=scorer) for scorer in SCORERS]
    # The numbers follow the verdicts, as soon as a worker gets to them.
    for _ in range(180):
        if all(row.is_visible() for row in rows):
            break
        page.wait_for_timeout(1000)
        page.reload()
    for row in rows:
        expect(row.locator("td.mean")).to_have_text(re.compile(r"^\d+\.\d$"))
    # The better one is what the other is held against, trace by trace.
    differences = page.locator("tr.measured td.difference .visually-hidden")
    expect(differences.first).to_contain_text("points")
    compared = time.monotonic()
    print(  # what the page promises is read by people, and hangs on the machine
        f"\nimported after {imported - began:.1f} s, scored twice after {scored - began:.1f} s, "
        f"compared after {compared - began:.1f} s"
    )


def bring_in(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Import traces").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("400 new traces")).to_be_visible(timeout=60_000)


def start(page: Page, scorer: str) -> str:
    """Start a run and return the address of its page."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Scoring").click()
    page.get_by_label("Dataset").select_option("gsm8k")
    scorers = page.get_by_label("Scorer")
    offered = scorers.locator("option", has_text=f"{scorer}: ")
    scorers.select_option(offered.get_attribute("value"))
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#state")).to_be_visible()
    return page.url
