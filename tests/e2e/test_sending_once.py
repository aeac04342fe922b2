"""A form is sent once, however often it is clicked before the next page comes."""

from playwright.sync_api import Page, Route

from tests.e2e.conftest import Platform
from tests.e2e.desk import Desk, log_in


def test_a_double_click_makes_one_token(page: Page, started_platform: Platform):
    Desk(started_platform, "once", [["2 + 2 = 4."]], people=["once-ada"])
    log_in(page, started_platform, "once-ada")
    page.goto(f"{started_platform.address}/tokens/")
    sent = []

    def slowly(route: Route) -> None:
        """Answer after the second click."""
        if route.request.method == "POST":
            sent.append(route.request.url)
            page.wait_for_timeout(300)
        route.continue_()

    page.route("**/tokens/", slowly)
    page.get_by_label("Name").fill("twice")
    page.get_by_role("button", name="Create token").dblclick()
    page.get_by_text("misstep_").wait_for()
    assert len(sent) == 1
    assert page.locator("tbody tr").count() == 1
