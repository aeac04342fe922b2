"""An expert at the keyboard: a hundred traces in a row, undo, and keys that no focus takes away."""

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.conftest import Platform
from tests.e2e.desk import (
    Desk,
    before_its_script,
    complaints,
    keys,
    ready,
    sit_down,
    step_in_view,
    submit,
)

pytestmark = pytest.mark.e2e
SHORT = ["First, 2 + 2 = 4.", "Then 4 + 1 = 6.", "So the answer is 6."]


def test_a_hundred_traces_without_the_mouse(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "hundred", [SHORT] * 100)
    context, page = sit_down(browser, desk)
    heard = complaints(page)
    wanted = []
    for number in range(100):
        ready(page)
        # Of now, on an item that was fetched before the last one was sent too.
        expect(page.locator(".review-pace")).to_contain_text(f"{number} of 100")
        label = number % 4 - 1
        keys(page, *["j"] * max(label, 0), "0" if label < 0 else "e")
        if label >= 0:
            keys(page, "a")
        wanted.append(label)
        submit(page)
    expect(page.get_by_role("heading", name="You have reviewed every trace")).to_be_visible()
    said = desk.said()
    people = [verdict for verdict in said if verdict["judge"] == "human"]
    assert [verdict["label"] for verdict in people] == wanted
    assert {v["error_type"] for v in people if v["label"] >= 0} == {"calculation"}
    assert heard == []
    context.close()


def test_undo_takes_back_everything_one_by_one_and_redo_does_it_again(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "undoing", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    chosen = page.locator("input[name=earliest_error]:checked")
    kind = page.locator("input[name=error_type]:checked")
    keys(page, "j", "e", "a", "n")
    page.keyboard.type("a slip, e and j included")
    keys(page, "Escape", "0")
    expect(chosen).to_have_value("-1")
    keys(page, "u")
    expect(chosen).to_have_value("1")
    expect(page.locator("#note")).to_have_value("a slip, e and j included")
    keys(page, "u")
    expect(page.locator("#note")).to_have_value("")
    expect(kind).to_have_value("calculation")
    keys(page, "u")
    expect(kind).to_have_count(0)
    keys(page, "u")
    expect(chosen).to_have_count(0)
    keys(page, "U", "U", "U", "U")
    expect(chosen).to_have_value("-1")
    expect(page.locator("#note")).to_have_value("a slip, e and j included")
    context.close()


def test_undo_on_the_next_trace_leads_back_to_the_one_just_sent(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "sent too soon", [SHORT] * 3)
    context, page = sit_down(browser, desk)
    first = page.url
    keys(page, "0")
    submit(page)
    keys(page, "u")
    page.wait_for_url(first)
    ready(page)
    expect(page.locator("input[name=earliest_error]:checked")).to_have_value("-1")
    keys(page, "e")
    submit(page)
    assert [v["label"] for v in desk.said() if v["judge"] == "human"] == [0]
    context.close()


def test_the_keys_act_wherever_the_mouse_was(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "clicked about", [SHORT], rules={"ask_severity": True})
    context, page = sit_down(browser, desk)
    places = [
        page.locator("#step-2 .step-text"),
        page.locator("#step-2 .step-number"),
        page.get_by_role("button", name="First error here"),
        page.locator(".error-types label").first,
        page.get_by_text("minor", exact=True),
        page.locator(".section-head").first,
        page.get_by_role("button", name="undo"),
        page.locator(".review-head progress"),
    ]
    for place in places:
        place.click()
        keys(page, "k", "k", "k", "j", "e")
        expect(page.locator("input[name=earliest_error]:checked")).to_have_value("1")
        keys(page, "0", "j")
        assert step_in_view(page) == "step-3"
        expect(page.locator("input[name=earliest_error]:checked")).to_have_value("-1")
        keys(page, "k", "e")
    # And Enter submits: it does not press again what the mouse has pressed.
    submit(page)
    assert [v["label"] for v in desk.said() if v["judge"] == "human"] == [1]
    context.close()


def test_a_key_is_a_letter_where_one_writes(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "writing", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    keys(page, "j", "c")
    page.keyboard.press("Control+a")
    page.keyboard.type(r"jkesu0? so \(\frac{1}{2}\)")
    expect(page.locator("#correction-preview mfrac")).to_be_visible()
    expect(page.locator("#correction")).to_have_value(r"jkesu0? so \(\frac{1}{2}\)")
    page.keyboard.press("Enter")
    submit(page, "Control+Enter")
    [verdict] = [v for v in desk.said() if v["judge"] == "human"]
    assert verdict["correction"] == "jkesu0? so \\(\\frac{1}{2}\\)\n"
    assert verdict["label"] == 1
    context.close()


def test_a_correction_stays_with_the_step_it_was_written_for(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "moved", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    correction = page.locator("#correction")
    keys(page, "j", "c")
    page.keyboard.press("Control+a")
    page.keyboard.type("Then 4 + 1 = 5.")
    keys(page, "Escape", "k", "e")
    expect(correction).to_have_value("")
    expect(page.locator("#correction-preview")).to_be_empty()
    keys(page, "u")
    expect(page.locator("input[name=earliest_error]:checked")).to_have_value("1")
    expect(correction).to_have_value("Then 4 + 1 = 5.")
    keys(page, "0", "k", "e")
    expect(correction).to_have_value("")
    keys(page, "j", "e")
    expect(correction).to_have_value("Then 4 + 1 = 5.")
    submit(page)
    [verdict] = [v for v in desk.said() if v["judge"] == "human"]
    assert (verdict["label"], verdict["correction"]) == (1, "Then 4 + 1 = 5.")
    context.close()


def test_keys_pressed_before_the_script_has_come_are_not_lost(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "quick", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    with before_its_script(page):
        expect(page.locator("#step-3")).to_be_visible()
        keys(page, "j", "j", "k", "e", "c")
        page.keyboard.type(" Because 0 e.")
        assert page.locator(".step.here").count() == 0
    assert step_in_view(page) == "step-2"
    expect(page.locator("input[name=earliest_error]:checked")).to_have_value("1")
    expect(page.locator("#correction")).to_have_value("Then 4 + 1 = 6. Because 0 e.")
    page.keyboard.type(" And so on.")
    submit(page, "Control+Enter")
    [verdict] = [v for v in desk.said() if v["judge"] == "human"]
    assert verdict["correction"] == "Then 4 + 1 = 6. Because 0 e. And so on."
    context.close()


def test_what_was_sent_is_not_sent_again_while_the_next_page_is_on_its_way(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "impatient", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    first = page.url
    held: list[Route] = []
    sent: list[str] = []
    page.route("**/ahead/", lambda route: route.abort())
    page.route(
        lambda url: re.search(r"/reviews/\d+/$", url) is not None and url != first,
        lambda route: held.append(route),
    )
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    with page.expect_request(lambda asked: asked.is_navigation_request()):
        keys(page, "0", "Enter")
    assert first in sent
    sent.clear()
    keys(page, "e", "Enter")
    page.wait_for_timeout(300)
    assert [url for url in sent if url == first] == []
    held[0].continue_()
    page.wait_for_url(lambda url: url != first)
    assert [v["label"] for v in desk.said() if v["judge"] == "human"] == [-1]
    context.close()


def test_every_key_is_told_and_what_a_key_opens_it_closes(
    browser: Browser, started_platform: Platform
):
    guidelines = r"Name the **first** wrong step: \(1 + 1 = 3\) is one."
    desk = Desk(started_platform, "telling", [SHORT], rules={"guidelines": guidelines})
    context, page = sit_down(browser, desk)
    keys(page, "?")
    told = page.get_by_role("dialog", name="Keyboard shortcuts")
    for key in page.locator("[data-key]").evaluate_all("all => all.map(one => one.dataset.key)"):
        assert told.locator("kbd", has_text=key).count() > 0, key
    keys(page, "?")
    expect(told).to_be_hidden()
    keys(page, "w")
    drawer = page.get_by_role("dialog", name="Guidelines")
    expect(drawer.locator("math")).to_be_visible()
    keys(page, "j")
    assert step_in_view(page) == "step-2"
    keys(page, "w")
    expect(drawer).to_be_hidden()
    keys(page, "f")
    page.keyboard.type("the figure is missing")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#step-2 .step-comment")).to_contain_text("the figure is missing")
    context.close()


def test_every_step_is_rated_by_key_and_the_first_wrong_one_follows(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "rated", [SHORT] * 2, rules={"label_scheme": "every_step"})
    context, page = sit_down(browser, desk)
    keys(page, "Enter")
    expect(page.locator(".review-state")).to_contain_text("Rate every step")
    keys(page, "3", "1", "2")
    expect(page.locator("#step-2")).to_have_class("step error")
    keys(page, "k", "4")
    submit(page)
    keys(page, "0")
    submit(page)
    said = [v for v in desk.said() if v["judge"] == "human"]
    assert [(v["label"], v["labels"]) for v in said] == [(1, [1, -1, 0]), (-1, [1, 1, 1])]
    context.close()
