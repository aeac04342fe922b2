"""Two people at one queue: never the same slot, to a consensus; and what each was shown."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Platform
from tests.e2e.desk import Desk, complaints, keys, sit_down, submit

pytestmark = pytest.mark.e2e
SHORT = ["First, 2 + 2 = 4.", "Then 4 + 1 = 6.", "So the answer is 6."]
SAYS = "THE PRM SAYS SO"


def test_two_annotators_reach_a_consensus(browser: Browser, started_platform: Platform):
    rules = {"overlap": 2, "max_overlap": 2, "rule": "unanimity"}
    desk = Desk(started_platform, "pairs", [SHORT] * 2, people=["ada", "ben"], rules=rules)
    for who, label in (("ada", ["e", "0"]), ("ben", ["e", "e"])):
        context, page = sit_down(browser, desk, who)
        for key in label:
            keys(page, key)
            submit(page)
        context.close()
    consensus = [v for v in desk.said() if v["judge"] == "consensus"]
    assert [v["label"] for v in consensus] == [0]


def test_a_queue_whose_items_others_hold_says_so(browser: Browser, started_platform: Platform):
    desk = Desk(started_platform, "held", [SHORT], people=["ada", "ben"])
    context, _ = sit_down(browser, desk)
    other, page = sit_down(browser, Desk(started_platform, "other", [SHORT]), "ben")
    page.goto(desk.address)
    expect(page.get_by_role("heading", name="No items available right now")).to_be_visible()
    expect(page.locator("main")).to_contain_text("held by other people")
    other.close()
    context.close()


def test_shown_from_the_start_leads_to_the_steps_and_is_stored(
    browser: Browser, started_platform: Platform
):
    desk = Desk(started_platform, "shown", [SHORT], judged=True, rules={"opinions": "shown"})
    context, page = sit_down(browser, desk)
    heard = complaints(page)
    expect(page.locator(".opinions")).to_contain_text(SAYS)
    keys(page, "]")
    expect(page.locator("#step-2")).to_have_class("step here")
    page.locator("a.slice").nth(2).click()
    expect(page.locator("#step-3")).to_have_class("step here")
    keys(page, "m")
    expect(page.locator("svg.curves")).to_be_hidden()
    keys(page, "k", "e")
    submit(page)
    [verdict] = [v for v in desk.said() if v["judge"] == "human"]
    assert (verdict["shown"], verdict["before"]) == (True, True)
    assert heard == []
    context.close()


def test_hidden_until_decided_reveals_by_key_and_keeps_the_decision(
    browser: Browser, started_platform: Platform
):
    rules = {"opinions": "until_decided"}
    desk = Desk(started_platform, "until decided", [SHORT], judged=True, rules=rules)
    context, page = sit_down(browser, desk)
    assert SAYS not in page.content()
    keys(page, "m")
    expect(page.locator(".review-state")).to_contain_text("Choose a verdict first")
    keys(page, "j", "j", "e", "a", "m")
    expect(page.locator(".opinions")).to_contain_text(SAYS)
    expect(page.locator("input[name=earliest_error]:checked")).to_have_value("2")
    expect(page.locator("#step-3")).to_have_class("step error here")
    # Undo still knows what came before the reveal.
    keys(page, "u")
    expect(page.locator("input[name=error_type]:checked")).to_have_count(0)
    submit(page)
    [verdict] = [v for v in desk.said() if v["judge"] == "human"]
    assert (verdict["shown"], verdict["before"]) == (True, False)
    context.close()


def test_a_blind_reviewer_never_receives_what_models_said(
    browser: Browser, started_platform: Platform
):
    rules = {"opinions": "shown", "blind_share": 1.0}
    desk = Desk(started_platform, "blind", [SHORT] * 2, judged=True, rules=rules)
    context, page = sit_down(browser, desk)
    received: list[str] = []
    page.on("response", lambda answer: received.append(answer.url))
    keys(page, "m", "e")
    assert SAYS not in page.content()
    submit(page)
    assert SAYS not in page.content()
    verdict = next(v for v in desk.said() if v["judge"] == "human")
    assert verdict["shown"] is False
    context.close()
