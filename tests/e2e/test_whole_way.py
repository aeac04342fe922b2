"""Import, score, review by keys, leaderboard, export: the main job in a browser."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.e2e.conftest import Platform

pytestmark = pytest.mark.e2e

TRACES = [
    {
        "id": f"tour-{number}",
        "generator": "tour-model",
        "problem": f"A box holds {number} + 5 pens at $2 each. What do they cost?",
        "steps": [
            f"The box holds {number} + 5 = {number + 5} pens.",
            rf"They cost \({number + 5} \times 2 = {(number + 5) * 2 + (number % 2)}\) dollars.",
            f"So they cost {(number + 5) * 2 + (number % 2)} dollars.",
        ],
        "final_answer_correct": number % 2 == 0,
        "label": 1 if number % 2 else -1,
    }
    for number in range(6)
]


def log_in(page: Page, platform: Platform) -> None:
    """Log in by the printed link the first time, then by the session."""
    state = platform.home / "session.json"
    if state.exists():
        page.context.add_cookies(json.loads(state.read_text()))
        page.goto(platform.address)
    else:
        page.goto(platform.login_link)
        state.write_text(json.dumps(page.context.cookies()))
    page.get_by_role("link", name="Datasets", exact=True).click()
    expect(page.get_by_role("heading", name="Datasets")).to_be_visible()


def test_the_first_start_has_scored_samples_to_show(page: Page, started_platform: Platform):
    log_in(page, started_platform)
    page.get_by_role("link", name="Scoring").click()
    page.get_by_role("row").filter(has_text="sample").get_by_role("link").first.click()
    expect(page.locator("#state")).to_contain_text("finished", timeout=60_000)
    page.goto(f"{started_platform.address}/judges/?dataset=sample")
    expect(page.get_by_role("row").filter(has_text="arithmetic").first).to_be_visible()


def test_import_score_review_leaderboard_export(
    page: Page, started_platform: Platform, tmp_path: Path
):
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(f"{page.url}: {said.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    file = tmp_path / "tour.json"
    file.write_text(json.dumps(TRACES))
    log_in(page, started_platform)

    import_file(page, file)
    score(page, "tour")
    review(page, "tour")
    leaderboard(page, started_platform)
    export(page, tmp_path)
    assert complaints == []


def import_file(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Import traces").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="read as ProcessBench")).to_be_visible()
    expect(page.get_by_text("A box holds 0 + 5 pens").first).to_be_visible()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("6 new traces")).to_be_visible()


def score(page: Page, dataset: str) -> None:
    page.get_by_role("link", name="Scoring").click()
    page.get_by_label("Dataset").select_option(dataset)
    scorers = page.get_by_label("Scorer")
    scorers.select_option(scorers.locator("option", has_text="arithmetic").get_attribute("value"))
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#state")).to_contain_text("finished", timeout=60_000)


def review(page: Page, dataset: str) -> None:
    page.get_by_role("link", name="Review", exact=True).click()
    page.get_by_role("row").filter(has_text=dataset).get_by_role("link", name="Review").click()
    expect(page.locator("math").first).to_be_visible()
    expect(page.locator(".step.here")).to_be_visible()
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 6")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.press("l")
    page.keyboard.press("c")
    page.keyboard.type(" Corrected to \\(6 \\times 2 = 12\\).")
    expect(page.locator("#correction-preview math").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 of 6")).to_be_visible()


def leaderboard(page: Page, platform: Platform) -> None:
    page.goto(f"{platform.address}/judges/?dataset=tour")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="arithmetic"))
    expect(row).to_contain_text("100.0")


def export(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="Exports").click()
    page.get_by_label("Dataset").select_option("tour")
    page.get_by_label("Recipe").select_option("processbench")
    page.get_by_role("button", name="Set up export").click()
    page.get_by_label("Compression").select_option("none")
    page.get_by_role("button", name="Export").click()
    expect(page.locator("#state")).to_contain_text("manifest.json", timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="data/tour-00000-of-00001.jsonl").click()
    target = folder / "export.jsonl"
    download.value.save_as(target)
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [row["label"] for row in rows] == [-1, 1, -1, 1, -1, 1]
    assert rows[0] == TRACES[0]
