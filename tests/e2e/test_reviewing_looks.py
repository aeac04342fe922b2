"""The review page on a phone, without motion, to assistive technology, and under hostile text."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Platform
from tests.e2e.desk import Desk, complaints, going_on, keys, ready, saved, sit_down, submit

pytestmark = pytest.mark.e2e
SHORT = ["First, 2 + 2 = 4.", "Then 4 + 1 = 6.", "So the answer is 6."]
HOSTILE = [
    "<script>document.title = 'taken'</script>",
    "<img src=x onerror=\"document.title = 'taken'\">",
    r"\(<mi onclick='x'>a</mi> \href{javascript:document.title='taken'}{x}\)",
    "[click](javascript:document.title='taken') and ![x](http://elsewhere.example/x.png)",
    "\u202egnorw si siht\u2066 and \u0000 NUL",
    "</textarea></template></li><h1>outside</h1>",
    "x" * 1_000_000,
]


def violations(page: Page) -> list[dict[str, Any]]:
    found = Axe().run(page)
    return [
        {"rule": v["id"], "where": [node["target"] for node in v["nodes"]][:5]}
        for v in found.response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_reviewing_violates_accessibility(
    browser: Browser, started_platform: Platform, scheme: Any
):
    rules = {"opinions": "shown", "ask_severity": True, "label_scheme": "every_step"}
    name = f"accessible {scheme}"
    desk = Desk(started_platform, name, [SHORT] * 2, judged=True, rules=rules)
    context, page = sit_down(browser, desk, color_scheme=scheme)
    assert violations(page) == []
    keys(page, "j", "e", "c")
    page.keyboard.type(r" \(x\)")
    expect(page.locator("#correction-preview math")).to_be_visible()
    keys(page, "Escape")
    saved(page)
    assert violations(page) == []
    for key in ["?", "w", "f"]:
        keys(page, key)
        assert violations(page) == [], key
        keys(page, "Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    submit(page)
    keys(page, "y")
    expect(page.get_by_role("heading", name="Your reviews")).to_be_visible()
    assert violations(page) == []
    page.goto(f"{started_platform.address}/review/")
    assert violations(page) == []
    context.close()


def test_a_phone_shows_everything_and_a_finger_reviews(
    browser: Browser, started_platform: Platform
):
    rules = {"opinions": "shown"}
    desk = Desk(started_platform, "phone", [SHORT] * 2, judged=True, rules=rules)
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context, page = sit_down(browser, desk, **phone)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Next step").tap()
    page.get_by_role("button", name="First error here").tap()
    expect(page.locator("#step-2")).to_have_class("step here error")
    page.locator(".error-types label", has_text="calculation").tap()
    expect(page.locator("input[name=error_type]:checked")).to_have_value("calculation")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with going_on(page):
        page.get_by_role("button", name="Submit & next").tap()
    [verdict] = [v for v in desk.said() if v["judge"] == "human"]
    assert (verdict["label"], verdict["error_type"]) == (1, "calculation")
    context.close()


def test_a_queue_is_begun_on_a_phone_without_scrolling_sideways(
    browser: Browser, started_platform: Platform
):
    name = "a queue with a rather long name that fills a line of a phone"
    desk = Desk(started_platform, name, [SHORT])
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context, page = sit_down(browser, desk, **phone)
    page.goto(f"{started_platform.address}/review/")
    # The queue, and its dataset's own, which is made when somebody begins it.
    rows = page.get_by_role("row").filter(has_text=name)
    expect(rows).to_have_count(2)
    for row in rows.all():
        box = row.get_by_role("link", name="Review", exact=True).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    rows.first.get_by_role("link", name="Review", exact=True).tap()
    ready(page)
    context.close()


def test_nothing_moves_for_who_asks_for_no_motion(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "calm", [["A step. " * 60] * 40])
    context, page = sit_down(browser, desk, reduced_motion="reduce")
    keys(page, *["j"] * 30)
    # At once, not on the way: the step is in view in the same frame.
    top = page.locator(".step.here").evaluate("step => step.getBoundingClientRect().top")
    assert 0 < top < 860
    assert page.evaluate("document.getAnimations().length") == 0
    context.close()


def test_the_bar_stays_one_line_whatever_it_says(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "one line", [SHORT] * 2)
    context, page = sit_down(browser, desk)
    bar = page.locator(".review-bar")
    before = bar.bounding_box()
    keys(page, "0")
    submit(page)
    expect(page.locator(".review-state")).to_contain_text("Undo (u)")
    assert bar.bounding_box() == before
    # The keys have names for who hears the page, though their words are not seen.
    expect(page.get_by_role("button", name="First error here")).to_be_visible()
    context.close()


def test_hostile_text_is_shown_as_text(browser: Browser, started_platform: Platform):
    desk = Desk(
        started_platform,
        "hostile",
        [HOSTILE],
        problem="<script>document.title = 'taken'</script>",
        generator="<b onmouseover=\"document.title='taken'\">model\u202eledom</b>",
        rules={"guidelines": "[x](javascript:alert(1)) <script>alert(1)</script>"},
    )
    context, page = sit_down(browser, desk)
    heard = complaints(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    ready(page)
    for _ in HOSTILE:
        keys(page, "e", "c")
        expect(page.locator("#correction")).to_be_focused()
        keys(page, "Escape", "j")
    keys(page, "k", "k", "e", "c")
    assert page.title() == "trace-1 · hostile (hostile) · Misstep"
    expect(page.locator("#step-1 .step-text")).to_contain_text("<script>document.title")
    expect(page.locator("#step-5 .step-text").first).to_contain_text("U+202E")
    expect(page.get_by_role("heading", name="outside")).to_have_count(0)
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href') ?? '')")
    assert not [link for link in links if link.startswith("javascript")]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert [url for url in asked if not url.startswith(started_platform.address)] == []
    assert heard == []
    context.close()
