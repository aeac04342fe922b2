"""The three functions for pages, on normal and on hostile text."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from traces.typesetting import html_cleaner, plain, typeset, typeset_inline
from traces.typesetting.render import LONGEST_SET

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)>",
    "<math><maction actiontype='statusline#x' xlink:href='javascript:alert(1)'>x</maction></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "$\\text{<script>alert(1)</script>}$",
    '$\\text{" style="position:fixed" onclick="x}$',
    "$\\href{javascript:alert(1)}{x}$",
    "$\\class{site-header}{x} \\cssId{a}{x} \\style{color:red}{x}$",
    "$\\unicode{x202e}$",
    "[a](https://x.y/\"onmouseover='alert(1)')",
    "[a](https://x.y 'title\" onclick=\"x')",
    "![x](https://x.y/\"onerror='alert(1)')",
    '```"><script>alert(1)</script>\n```',
    "`</code><script>alert(1)</script>`",
    "<!-- --!><script>alert(1)</script>",
    "[asy]</code><script>alert(1)</script>[/asy]",
    "\ufdd00\ufdd1 \ufdd099\ufdd1 $x$",
    "[a](https://x.y/$z$) ![$z$](https://x.y/$z$)",
    "\\begin{tabular}{c}</math><script>alert(1)</script>\\end{tabular}",
    "$\\label{x}\\ref{x}\\eqref{x}$",
    "\ud800 \x00 \u202e \U000e0041",
]


def assert_clean(html: str) -> BeautifulSoup:
    page = BeautifulSoup(html, "html.parser")
    for element in page(True):
        assert element.name in html_cleaner.TAGS, html
        allowed = html_cleaner.ATTRIBUTES.get(element.name, set()) | {"class", "rel"}
        assert set(element.attrs) <= allowed, html
        classes = set(element.get("class") or [])
        assert classes <= html_cleaner.CLASSES.get(element.name, set()), html
        assert str(element.get("href", "https://")).lower().startswith(("https://", "http://"))
    assert not set(html) & set("\x00\x1b\u202e\u2066\ufdd0\ufdd1\ufdd2\U000e0041")
    return page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text: str) -> None:
    assert_clean(typeset(text))
    assert_clean(typeset_inline(text))


@pytest.mark.parametrize("text", HOSTILE[:6])
def test_hostile_markup_is_shown_as_text(text: str) -> None:
    assert assert_clean(typeset(text)).get_text().strip() == text


FRAGMENTS = st.sampled_from(
    [
        *HOSTILE,
        *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{align}", "\\end{align}", "&", "\\\\"),
        *(
            "{",
            "}",
            "\\frac",
            "\\text{",
            "\\left(",
            "\\right)",
            "^",
            "_",
            "\\boxed{",
            "\\sqrt",
            "'",
        ),
        *(
            "`",
            "```",
            "~~~",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            "> ",
            "# ",
            "|",
            "|-|-|\n",
            "**",
            "*",
            "__",
        ),
        *(
            "[a](",
            "![",
            "](",
            "http://",
            ")",
            "<",
            ">",
            "5",
            "x",
            " ",
            "    ",
            "\t",
            "and",
            "%",
            "#",
        ),
        *(
            "\\begin{array}{c|c}",
            "\\end{array}",
            "\\hline",
            "\\not",
            "\\cancel",
            "é",
            "人",
            "√",
            "😀",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=8), max_size=25).map("".join))
def test_any_text_is_set_clean(text: str) -> None:
    assert_clean(typeset(text))
    assert_clean(typeset_inline(text))
    line = plain(text, 40)
    assert len(line) <= 40
    assert "\n" not in line


def test_control_characters_are_named() -> None:
    page = assert_clean(typeset("a\u202eb\x00c"))
    assert [mark.get_text() for mark in page("span", class_="control")] == ["U+202E", "U+0000"]
    assert assert_clean(typeset("`\u202e`")).find("code").get_text() == "U+202E"  # type: ignore[union-attr]


def test_windows_line_ends_are_line_ends() -> None:
    assert typeset("a\r\nb\rc") == typeset("a\nb\nc")


def test_a_text_past_the_bound_is_shown_as_written() -> None:
    text = "$x$ **b** <b>\n" * (LONGEST_SET // 10)
    page = assert_clean(typeset(text))
    assert page("math") == []
    assert page.find("div", class_="plain").get_text() == text  # type: ignore[union-attr]


@pytest.mark.parametrize("unit", ["[", "![", "$", "\\(", "*a ", "> ", "|a", "\\left(", "{", "<a "])
def test_a_repeated_mark_is_set_and_loses_nothing(unit: str) -> None:
    count = 20_000 // len(unit)
    shown = assert_clean(typeset(unit * count)).get_text()
    assert shown.count(unit.strip()[-1]) >= (0 if unit == "> " else count)


@pytest.mark.parametrize(
    ("value", "text", "is_formula"),
    [
        (r"\frac{5}{39}", "539", True),
        ("13", "13", False),
        ("x^2", "x2", True),
        ("a_1", "a1", True),
        ("snake_case_name", "snake_case_name", False),
        ("$18", "$18", False),
        ("$x$", "x", True),
        (r"\boxed{7}", "7", True),
        (r"\text{Sunday}", "Sunday", True),
        (r"\foo{x}", r"\foo{x}", False),
        ("two\nlines", "two lines", False),
        ("<b>", "<b>", False),
        ("", "", False),
    ],
)
def test_a_short_value_is_set_in_its_line(value: str, text: str, is_formula: bool) -> None:
    page = assert_clean(typeset_inline(value))
    assert page.get_text() == text
    assert (page.find("math") is not None) == is_formula
    assert page.find(["p", "div"]) is None


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("**Bold** and\n\n# head with $x^2$", 80, "Bold and head with x^2"),
        ("It costs $5 & <b>", 80, "It costs $5 & <b>"),
        ("one two three four", 10, "one two…"),
        ("a" * 50, 10, "a" * 9 + "…"),
        ("a\u202eb", 80, "a[U+202E]b"),
        ("", 10, ""),
        ("abc", 0, ""),
    ],
)
def test_an_excerpt_is_one_plain_line(text: str, limit: int, expected: str) -> None:
    assert plain(text, limit) == expected
