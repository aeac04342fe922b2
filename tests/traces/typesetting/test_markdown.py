"""Markdown as models write it."""

import pytest
from bs4 import BeautifulSoup, Tag

from traces.typesetting import typeset


def page(text: str) -> BeautifulSoup:
    return BeautifulSoup(typeset(text), "html.parser")


def tag(text: str, name: str) -> Tag:
    found = page(text).find(name)
    assert isinstance(found, Tag), f"no <{name}> in {typeset(text)}"
    return found


def lines(text: str) -> list[str]:
    return [line.strip() for line in page(text).get_text().strip().split("\n") if line.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "5*3*2 = 30",
        "(2)*3 + 4*(5)",
        "2**3 + 4**2",
        "a_1 and b_2",
        "____ is missing",
        "- 5 = 3",
        "> 7",
        "#### 17",
        "+ 12.6 = 20",
        "13.",
        r"C:\path \, \;",
        "&lt; &#x202e; &nbsp;",
        "<!-- hidden --> <b>bold</b>",
        "[a]: http://example.org/hidden",
        "5 < 6 > 4 & 3",
    ],
)
def test_text_that_only_looks_like_markdown_is_shown_as_written(text: str) -> None:
    assert page(text).get_text().strip() == " ".join(text.split())
    assert {element.name for element in page(text)(True)} <= {"div", "p"}


def test_line_breaks_are_kept() -> None:
    assert len(page("one\ntwo\nthree")("br")) == 2


def test_no_line_break_is_next_to_displayed_mathematics() -> None:
    shown = page("so\n\\[\nx\n\\]\nand")
    assert shown("br") == []
    assert len(shown("p")) == 1
    assert shown.find("span", class_="math-display") is not None


def test_indented_text_is_no_code() -> None:
    shown = page("Then:\n\n        - $1.24 is 124 cents\n\n        so it is")
    assert shown("pre") == []


def test_numbers_of_a_list_are_those_of_the_text() -> None:
    items = page("3. three\n5. five\n5. again")("li")
    assert [item["value"] for item in items] == ["3", "5", "5"]
    assert tag("7. seven", "ol")["start"] == "7"


def test_a_closing_bracket_after_a_number_is_kept() -> None:
    assert tag("2) two", "ol")["class"] == ["closing-bracket"]


def test_headings_leave_the_outline_alone() -> None:
    shown = page("# One\n### Two with $x$")
    assert [p["class"] for p in shown("p")] == [["heading"], ["heading"]]
    assert shown.find(["h1", "h2", "h3", "h4", "h5", "h6"]) is None


def test_mathematics_is_not_read_as_markdown() -> None:
    shown = page("$a_1*b_2*c_3$ and **$x*y$** and *$z$*")
    assert len(shown("math")) == 3
    assert len(shown("strong")) == len(shown("em")) == 1
    assert tag("**$x*y$**", "strong").find("math") is not None


def test_mathematics_in_a_list_and_in_a_table() -> None:
    assert len(page("- $a$\n- \\[\nb\n\\]\n- c")("li")) == 3
    cells = page("|a|b|\n|-|-:|\n|$|x|$|$5|")("td")
    assert cells[0].find("math") is not None
    assert cells[1].get_text() == "$5"
    assert cells[1]["class"] == ["align-right"]


def test_a_table_whose_rows_are_longer_than_its_head_shows_every_cell() -> None:
    text = "|a|b|\n|-|-|\n|1|2|hidden|"
    assert page(text)("table") == []
    assert "hidden" in page(text).get_text()


def test_code_stays_code() -> None:
    assert tag("`$x$ **b**`", "code").get_text() == "$x$ **b**"
    block = tag("```python\nprice = $5 * $6\n```", "pre")
    assert block.get_text() == "python\nprice = $5 * $6\n"


def test_a_drawing_is_shown_as_its_source() -> None:
    drawing = tag('[asy]\nlabel("$x$", (0,0));\n[/asy]', "code")
    assert drawing["class"] == ["drawing"]
    assert drawing.get_text() == '[asy]\nlabel("$x$", (0,0));\n[/asy]'


def test_quotation_marks_of_tex_are_set() -> None:
    assert lines("at least one ``T'' and ``U''") == ["at least one “T” and “U”"]


def test_deep_nesting_loses_nothing() -> None:
    assert "innermost" in page("> " * 200 + "innermost").get_text()
    assert (
        "innermost" in page("".join("  " * i + "- a\n" for i in range(90)) + "innermost").get_text()
    )


def test_a_link_leads_to_the_web_and_vouches_for_nothing() -> None:
    link = tag("[there](https://example.org/?q=1)", "a")
    assert link["href"] == "https://example.org/?q=1"
    assert link["rel"] == ["nofollow", "noopener", "noreferrer"]


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,y)",
        "[x](/admin/)",
        "[x](//example.org)",
        "<javascript:alert(1)>",
        "https://example.org",
    ],
)
def test_other_addresses_are_text(text: str) -> None:
    assert page(text)("a") == []
    assert page(text).get_text().strip() == text


def test_an_image_is_named_and_not_loaded() -> None:
    shown = page("![a cat](https://example.org/cat.png)")
    assert shown("img") == []
    assert shown.get_text().strip() == "a cat (https://example.org/cat.png)"
