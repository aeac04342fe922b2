"""Nothing typed is lost: by a reload, an ended login, a server that is away, a second window."""

import os
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Platform
from tests.e2e.desk import (
    Desk,
    before_its_script,
    complaints,
    going_on,
    keys,
    log_in,
    ready,
    saved,
    sit_down,
    submit,
)

pytestmark = pytest.mark.e2e
SHORT = ["First, 2 + 2 = 4.", "Then 4 + 1 = 6.", "So the answer is 6."]


def write(page: Page, text: str) -> None:
    """Step 2 is the first wrong one, with a note."""
    keys(page, "j", "e", "n")
    page.keyboard.type(text)
    keys(page, "Escape")


def shows(page: Page, text: str) -> None:
    expect(page.locator("#note")).to_have_value(text)
    expect(page.locator("input[name=earliest_error]:checked")).to_have_value("1")


def test_a_reload_in_the_middle_loses_nothing(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "reloaded", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    # At once after the last key: the draft is on its way at best.
    write(page, "half a thought")
    page.reload()
    ready(page)
    shows(page, "half a thought")
    saved(page)
    elsewhere = context.new_page()
    elsewhere.goto(page.url)
    shows(elsewhere, "half a thought")
    submit(page)
    assert [v["note"] for v in desk.said() if v["judge"] == "human"] == ["half a thought"]
    context.close()


def test_what_is_written_before_the_script_has_come_is_saved(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "early words", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    with before_its_script(page):
        page.locator("#note").fill("in two\n\n lines, é & <b>")
        page.locator("#step-2 .first-error").check(force=True)
    saved(page)
    elsewhere = context.new_page()
    drafts: list[str] = []
    elsewhere.on("request", lambda r: drafts.append(r.url) if "/draft/" in r.url else None)
    elsewhere.goto(page.url)
    ready(elsewhere)
    shows(elsewhere, "in two\n\n lines, é & <b>")
    # And what nobody has touched is not saved again.
    elsewhere.wait_for_timeout(1_000)
    assert drafts == []
    context.close()


def test_what_is_written_before_the_script_has_come_takes_no_earlier_words_away(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "both words", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    context.set_offline(True)
    write(page, "kept by the browser")
    expect(page.locator(".review-state")).to_contain_text("Not saved yet")
    page.route("**/draft/", lambda route: route.abort())
    context.set_offline(False)
    with before_its_script(page):
        page.locator("#note").fill("typed early")
    expect(page.locator("#note")).to_have_value("typed early")
    page.get_by_role("button", name="Restore draft").click()
    shows(page, "kept by the browser")
    context.close()


def test_an_ended_login_keeps_the_draft_and_goes_on_after_logging_in_elsewhere(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "logged out", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    context.clear_cookies(name="sessionid")
    write(page, "written without a login")
    expect(page.get_by_role("alert")).to_contain_text("You're signed out")
    other = context.new_page()
    log_in(other, desk.platform, "ada")
    other.close()
    page.bring_to_front()
    saved(page)
    expect(page.locator(".review-alarm")).to_be_hidden()
    page.reload()
    ready(page)
    shows(page, "written without a login")
    submit(page)
    said = [v for v in desk.said() if v["judge"] == "human"]
    assert [(v["label"], v["note"]) for v in said] == [(1, "written without a login")]
    context.close()


def test_a_server_that_is_away_is_said_and_what_is_typed_arrives_later(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "offline", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    with going_on(page):
        context.set_offline(True)
        write(page, "typed on a train")
        expect(page.locator(".review-state")).to_contain_text("Not saved yet")
        keys(page, "Enter")
        expect(page.locator(".review-state")).to_contain_text("Not sent yet")
        context.set_offline(False)
    said = [v for v in desk.said() if v["judge"] == "human"]
    assert [(v["label"], v["note"]) for v in said] == [(1, "typed on a train")]
    context.close()


def test_killed_web_workers_cost_no_word_and_no_review(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "killed", [SHORT] * 3)
    context, page = sit_down(browser, desk)
    for number in range(3):
        kill_web_workers(started_platform)
        write(page, f"note {number}")
        kill_web_workers(started_platform)
        submit(page)
    said = [v for v in desk.said() if v["judge"] == "human"]
    assert [(v["label"], v["note"]) for v in said] == [(1, f"note {n}") for n in range(3)]
    context.close()


def kill_web_workers(platform: Platform) -> None:
    """Kill gunicorn's workers, as the kernel does without memory; gunicorn starts others."""
    port = platform.address.rpartition(":")[2]
    serving = [p for p in running() if f":{port}" in p["command"] and "gunicorn" in p["command"]]
    pids = {process["pid"] for process in serving}
    workers = [process for process in serving if process["parent"] in pids]
    assert workers
    for worker in workers:
        os.kill(int(worker["pid"]), signal.SIGKILL)
    time.sleep(0.05)


def running() -> list[dict[str, str]]:
    """Yield every process of this machine: its id, its parent's and its command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue  # it has ended meanwhile
        found.append({"pid": folder.name, "parent": parent, "command": command})
    return found


def test_two_windows_never_overwrite_each_other(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "two windows", [SHORT])
    context, page = sit_down(browser, desk)
    first = page.url
    other = context.new_page()
    other.goto(first)
    ready(other)
    write(page, "from the first window")
    saved(page)
    keys(other, "e")
    expect(other.get_by_role("alert")).to_contain_text("another window")
    keys(other, "Enter")
    sides = other.locator(".conflict .sides > div")
    expect(sides.first).to_contain_text("step 1")
    expect(sides.last).to_contain_text("from the first window")
    submit(other)
    assert [v["label"] for v in desk.said() if v["judge"] == "human"] == [0]
    context.close()


def test_what_is_typed_after_a_conflict_is_kept_in_the_browser(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "typed on", [SHORT])
    context, page = sit_down(browser, desk)
    other = context.new_page()
    other.goto(page.url)
    ready(other)
    write(page, "from the first window")
    saved(page)
    keys(other, "e")
    expect(other.get_by_role("alert")).to_contain_text("another window")
    write(other, "typed after that")
    other.reload()
    ready(other)
    other.get_by_role("button", name="Restore draft").click()
    expect(other.locator("#note")).to_have_value("typed after that")
    saved(other)
    context.close()


def test_a_heartbeat_that_a_submit_overtakes_is_refused_to_nobody(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "overtaken", [SHORT, SHORT])
    context, page = sit_down(browser, desk)
    heard = complaints(page)
    waiting: list[Route] = []
    page.route("**/renew/", lambda route: waiting.append(route))
    with page.expect_request("**/renew/"):
        keys(page, "e")
    submit(page)
    ready(page)
    waiting[0].continue_()
    page.unroute("**/renew/")
    page.reload()
    ready(page)
    assert not heard
    expect(page.get_by_role("alert")).to_have_count(0)
    context.close()


def test_a_trace_skipped_by_mistake_comes_back_with_u(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "skipped", [SHORT, SHORT])
    context, page = sit_down(browser, desk)
    first = page.url
    write(page, "almost done")
    keys(page, "Escape", "s")
    page.wait_for_url(lambda url: url != first)
    ready(page)
    keys(page, "u")
    page.wait_for_url(first)
    expect(page.get_by_role("status").first).to_contain_text("It is assigned to you again")
    expect(page.locator("#note")).to_have_value("almost done")
    submit(page)
    assert [v["label"] for v in desk.said() if v["judge"] == "human"] == [1]
    context.close()
