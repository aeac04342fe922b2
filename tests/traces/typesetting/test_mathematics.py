"""LaTeX as MathML, and the limits."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from traces.typesetting import typeset
from traces.typesetting.mathematics import LONGEST, to_mathml
from traces.typesetting.scanner import spans


def words(mathml: str) -> str:
    return BeautifulSoup(mathml, "html.parser").get_text().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"50% of 8", "50%of8"),
        (r"5 # 11", "5#11"),
        (r"20 = $30", "20=$30"),
        (r"x \tag{1}", "x(1)"),
        (r"5\mbox{ cm}", "5 cm"),
        (r"a \dotsm b", "a⋯b"),
        (r"\text{if $x_1$ is a_b}", "if x1 is a_b"),
        (r"2\sqrt{3} = 2√3", "23=23"),
        (r"\root 4\of5", "54"),
        (r"\begin{align*}a&=b\\[2pt]c&=d\end{align*}", "a=bc=d"),
        (r"\begin{eqnarray}a&=&b\end{eqnarray}", "a=b"),
        (r"\begin{alignat}{2}a&=b\end{alignat}", "a=b"),
        (r"\begin{equation}x\label{e}\end{equation}", "x"),
        (r"\begin{array}{@{}l@{\;}p{2cm}}a&b\end{array}", "ab"),
        (r"\begin{tabular}{|c|c|}\hline Name & $x_1$ of 5% \\ \hline\end{tabular}", "Namex1 of 5%"),
        (r"\[x\]", "x"),
        (r"∠ABC ∴ x", "∠ABC∴x"),
    ],
)
def test_common_ways_to_write_latex_are_typeset(source: str, text: str) -> None:
    mathml = to_mathml(source, display=True)
    assert mathml is not None
    assert words(mathml) == text


@pytest.mark.parametrize(
    "source",
    [
        r"\foo{x}",
        r"\frac{1}{",
        r"\newcommand{\a}{\a\a}\a",
        r"\def\a{\b}\a",
        r"\href{javascript:alert(1)}{x}",
        r"\hspace{500em} x",
        r"\hspace{-50em} x",
        r"\! " * 200,
        r"\raisebox{99em}{x}",
        "{" * 2_000 + "}" * 2_000,
        r"\left(" * 400 + r"\right)" * 400,
        r"\sqrt " * 600 + "x",
        r"\frac1" * 600 + "x",
        "x^{" * 500 + "}" * 500,
        r"\begin{matrix}" * 100 + r"\end{matrix}" * 100,
        "x" * (LONGEST + 1),
        "a\u202eb",
        "",
    ],
)
def test_formulas_beyond_the_limits_are_rejected(source: str) -> None:
    assert to_mathml(source, display=False) is None


def test_a_refused_formula_is_shown_as_its_source() -> None:
    shown = BeautifulSoup(typeset(r"see $\foo{<b>}$"), "html.parser").find("code")
    assert shown is not None
    assert shown["class"] == ["math-source"]
    assert shown["title"] == "This could not be set as mathematics; it is shown as written."
    assert shown.get_text() == r"$\foo{<b>}$"


def test_styles_become_classes() -> None:
    page = BeautifulSoup(typeset(r"\begin{align}a&=b\end{align}"), "html.parser")
    assert [cell["class"] for cell in page("mtd")] == [
        ["cell-right", "flush-right"],
        ["cell-left", "flush-left"],
    ]
    assert page.find(style=True) is None


def test_the_last_line_of_a_table_is_as_wide_as_the_table() -> None:
    text = r"\[\begin{array}{|c|c|r|}\hline 1&2&3\\ \hline\end{array}\]"
    last = BeautifulSoup(typeset(text), "html.parser")("mtr")[-1]
    assert ["rule-top" in cell["class"] for cell in last("mtd")] == [True, True, True]


def test_a_boxed_answer_keeps_its_box_for_the_style_sheet() -> None:
    box = BeautifulSoup(typeset(r"\boxed{14} lollipops"), "html.parser").find("menclose")
    assert box is not None
    assert box["notation"] == "box"
    assert box.get_text() == "14"


@pytest.mark.parametrize("name", ["gsm8k", "math"])
def test_nearly_all_of_processbench_is_set(shared_data: Callable[[str], Path], name: str) -> None:
    rows = json.loads(shared_data(f"processbench/{name}.json").read_text())
    found = {
        (span.body, span.kind == "display")
        for row in rows
        for text in (row["problem"], *row["steps"])
        for span in spans(text)
        if span.kind in ("math", "display")
    }
    failed = sorted(body for body, display in found if to_mathml(body, display=display) is None)
    assert len(found) > 1_000
    assert len(failed) / len(found) <= 0.005, failed
