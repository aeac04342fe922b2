"""A trace of 150 steps and 60,000 characters, moved through by key."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Platform
from tests.e2e.desk import Desk, keys, sit_down, step_in_view

pytestmark = pytest.mark.e2e
STEPS = 150
LENGTH = 400
# Steps of unlike heights: what is out of sight is of unknown height until it is shown.
WORDS = "so that the sum over all terms stays below the bound that was found before, "
FORMULAS = [
    r"\(\frac{{{n}}}{{{m}}} + \sqrt{{x^2 + {n}}} \leq \sum_{{i=1}}^{{{n}}} i^2\) ",
    r"\[\int_0^{{{n}}} \frac{{x^{{{m}}}}}{{1 + x^2}}\,dx = \frac{{\pi}}{{{m}}}\] ",
]
# What keeps the step in view from being read: sentences, none where all of it can be seen.
OUT_OF_VIEW = """() => {
  const step = document.querySelector('.step.here');
  const { top, bottom } = step.getBoundingClientRect();
  const from = document.querySelector('.site-header').getBoundingClientRect().bottom;
  const to = document.querySelector('.review-bar').getBoundingClientRect().top;
  return [
    top < Math.max(from, 0) - 1 && `${step.id} begins ${from - top} px under the header`,
    bottom > to + 1 && `${step.id} ends ${bottom - to} px under the bar`,
  ].filter(Boolean);
}"""
LAID_OUT = """() => [...document.querySelectorAll('.step .step-text')].filter(
  (text) => text.checkVisibility({ contentVisibilityAuto: true })).length"""


def long_trace() -> list[str]:
    steps = []
    for number in range(1, STEPS + 1):
        text = f"Step {number}: "
        formula = FORMULAS[number % 3 == 0]
        text += formula.format(n=number, m=number + 1) * (1 + number % 4)
        steps.append((text + WORDS * 6)[:LENGTH])
    return steps


def frames(page: Page, count: int = 2) -> None:
    """Wait until the browser has drawn that many."""
    page.evaluate(
        """(count) => new Promise((done) => {
          const next = (left) => requestAnimationFrame(() => (left ? next(left - 1) : done()));
          next(count);
        })""",
        count,
    )


@pytest.fixture(scope="module")
def desk(started_platform: Platform) -> Desk:
    steps = long_trace()
    assert len("".join(steps)) == 60_000
    return Desk(started_platform, "long", [steps], judged=True, rules={"opinions": "shown"})


def test_every_step_is_reached_by_key_and_all_of_it_is_in_view(browser: Browser, desk: Desk):
    context, page = sit_down(browser, desk)
    assert page.locator("#steps math").count() >= STEPS
    hidden: list[str] = []
    for number in range(2, STEPS + 1):
        keys(page, "j")
        hidden += page.evaluate(OUT_OF_VIEW)
        assert step_in_view(page) == f"step-{number}"
    keys(page, "j")
    assert step_in_view(page) == f"step-{STEPS}"
    for number in range(STEPS - 1, 0, -1):
        keys(page, "k")
        hidden += page.evaluate(OUT_OF_VIEW)
        assert step_in_view(page) == f"step-{number}"
    assert hidden == []
    context.close()


def test_a_jump_far_down_the_trace_shows_all_of_the_step(browser: Browser, desk: Desk):
    context, page = sit_down(browser, desk)
    for number in [STEPS, 3, 90, 60, 149]:
        page.locator(f".slice[data-step='{number - 1}']").dispatch_event("click")
        frames(page)
        assert step_in_view(page) == f"step-{number}"
        assert page.evaluate(OUT_OF_VIEW) == []
    context.close()


def test_steps_out_of_sight_are_not_laid_out(browser: Browser, desk: Desk):
    context, page = sit_down(browser, desk)
    frames(page)
    assert 0 < page.evaluate(LAID_OUT) < STEPS / 3
    keys(page, *["j"] * (STEPS - 1))
    frames(page)
    assert 0 < page.evaluate(LAID_OUT) < STEPS / 3
    expect(page.locator("#step-1")).not_to_be_in_viewport()
    context.close()
