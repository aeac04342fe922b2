"""Every page as a lead sees it: to assistive technology, in light and dark, on a phone, by keys."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Platform
from tests.e2e.desk import complaints, log_in, ready, step_in_view
from tests.e2e.everything import NAME, make_everything, paths

pytestmark = pytest.mark.e2e

LEAD = f"{NAME}-lead"
# They log out, or log in.
NO_PAGE = {
    "accounts:logout",
    "accounts:login",
    "accounts:login-link",
    "accounts:sign-on",
    "accounts:sign-on-return",
}
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
# What is wrong with a page's frame, as sentences. Landmarks and names are axe's to judge.
FRAME = """() => [
  [document.querySelectorAll('h1').length !== 1, 'not one h1'],
  [document.querySelectorAll('main').length !== 1, 'not one main'],
  [document.title.split(' · ')[0].trim() === '', 'no title of its own'],
  [document.querySelector('.skip-link[href="#main"]') === null, 'no skip link'],
].filter(([wrong]) => wrong).map(([, words]) => words)"""
STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return '';
  const out = [...document.querySelectorAll('main *, header *')].filter(
    (one) => one.getBoundingClientRect().right > width + 1 && !one.closest('.table-scroll'));
  return out.map((one) => `${one.tagName}.${one.className}`).slice(0, 3).join(' ') || 'something';
}"""
# The element in focus: what it is, and why a person could not tell that it is in focus.
IN_FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const box = one.getBoundingClientRect();
  const marked = [one, one.closest('label'), one.querySelector('rect')].some(
    (it) => it && getComputedStyle(it).outlineStyle !== 'none');
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const name = `${one.tagName} ${one.id} ${one.textContent.trim().slice(0, 30)}`;
  return [name, marked ? (inside ? '' : 'out of sight') : 'without an outline'];
}"""
BY_KEYS = [
    "home",
    "annotations:queue-detail",
    "annotations:queue-settings",
    "annotations:dispute-detail",
    "exports:rule-detail",
    "inference:run-list",
    "metrics:judge-detail",
    "traces:dataset-detail",
    "traces:trace-detail",
]
STOPS = 60


@pytest.fixture(scope="module")
def made(started_platform: Platform) -> dict[str, str]:
    """Return a path of every named URL, each with content."""
    ids = make_everything(started_platform)
    return {name: started_platform.address + path for name, path in paths(ids).items()}


@pytest.fixture
def lead(browser: Browser, started_platform: Platform, made: dict[str, str]) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.set_default_timeout(20_000)
    log_in(page, started_platform, LEAD)
    yield page
    context.close()


def is_page(page: Page, name: str, address: str) -> bool:
    """Not a file, not an address that is posted to alone."""
    is_file = "." in address.rsplit("/", 1)[1].split("?")[0]
    if name in NO_PAGE or is_file:
        return False
    answer = page.request.get(address)
    assert answer.status in {200, 405} or name.startswith("api:"), f"{name}: {answer.status}"
    return answer.ok and answer.headers["content-type"].startswith("text/html")


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:4]}" for one in found]


def faults(page: Page, address: str) -> list[str]:
    """Return the faults of a page: its frame, accessibility, and width on a phone."""
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(address)
    found: list[str] = page.evaluate(FRAME)
    found += [f"light {one}" for one in violations(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark {one}" for one in violations(page)]
    page.set_viewport_size(PHONE)
    sticking = page.evaluate(STICKS_OUT)
    found += [f"wider than a phone: {sticking}"] if sticking else []
    return found


def test_every_page_is_accessible_and_fits_a_phone(lead: Page, made: dict[str, str]):
    heard = complaints(lead)
    pages = {name: address for name, address in made.items() if is_page(lead, name, address)}
    assert len(pages) > 40, sorted(pages)
    found = {name: faults(lead, address) for name, address in pages.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert heard == []


def test_the_login_and_a_missing_page_are_accessible(
    browser: Browser, lead: Page, started_platform: Platform
):
    assert faults(lead, f"{started_platform.address}/nowhere/") == []
    context = browser.new_context(viewport=WIDE)
    assert faults(context.new_page(), f"{started_platform.address}/login/") == []
    context.close()


@pytest.mark.parametrize("name", BY_KEYS)
def test_the_keyboard_skips_to_the_content_and_is_seen_everywhere(
    lead: Page, made: dict[str, str], name: str
):
    lead.goto(made[name])
    lead.keyboard.press("Tab")
    expect(lead.locator(".skip-link")).to_be_focused()
    expect(lead.locator(".skip-link")).to_be_in_viewport()
    lead.keyboard.press("Enter")
    lead.keyboard.press("Tab")
    assert lead.evaluate("document.querySelector('main').contains(document.activeElement)")
    unseen = []
    for _ in range(STOPS):
        found = lead.evaluate(IN_FOCUS)
        if found is None:
            break
        unseen += [found] if found[1] else []
        lead.keyboard.press("Tab")
    assert unseen == []


@pytest.mark.parametrize("key", ["?", "f"])
def test_a_dialog_keeps_the_focus_and_gives_it_back(lead: Page, made: dict[str, str], key: str):
    lead.goto(made["annotations:review-detail"])
    ready(lead)
    lead.keyboard.press("j")
    step = step_in_view(lead)
    lead.keyboard.press(key)
    dialog = lead.locator("dialog[open]")
    expect(dialog).to_have_count(1)
    for _ in range(8):
        # Past its last stop the browser's own bar comes, never the page behind.
        assert lead.evaluate(
            "document.activeElement === document.body"
            " || document.querySelector('dialog[open]').contains(document.activeElement)"
        )
        lead.keyboard.press("Tab")
    lead.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(lead.locator(f"#{step}")).to_be_focused()
