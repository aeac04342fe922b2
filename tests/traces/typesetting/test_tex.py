import pytest

from traces.typesetting.tex import amend


@pytest.mark.parametrize(
    ("source", "amended"),
    [
        (r"  x + 1 ", "x + 1"),
        (r"\(x\)", "x"),
        ("50% # $5", r"50\% \# \$5"),
        (r"50\%", r"50\%"),
        ("√2 + √{ab}", r"\sqrt{2} + \sqrt{ab}"),
        ("∠A", r"\angle A"),
        (r"\text{if $x$ or a_b}", r"\text{if }{x}\text{ or a\_b}"),
        (r"\root 3\of{x}", r"\sqrt[3]{{x}}"),
        (r"a\label{e}", "a"),
        (r"\begin{align*}a\\[2pt]b\end{align*}", r"\begin{aligned}a\\b\end{aligned}"),
        (r"\begin{equation}x\end{equation}", "{x}"),
        (
            r"\begin{eqnarray}a&=&b\end{eqnarray}",
            r"\begin{array}{rcl}a&=&b\end{array}",
        ),
        (
            r"\begin{array}{*{2}{c}|@{}p{2cm}}a\end{array}",
            r"\begin{array}{cc|l}a\end{array}",
        ),
        (
            r"\begin{array}{cc}1&2\\ \hline\end{array}",
            r"\begin{array}{cc}1&2\\ \hline&\end{array}",
        ),
        (
            r"\begin{tabular}{cc}A & $x$ \\ \multicolumn{2}{c}{B}\end{tabular}",
            r"\begin{array}{cc}\text{A} & {x} \\ \text{B} & \end{array}",
        ),
    ],
)
def test_source_is_amended_for_the_converter(source, amended):
    assert amend(source) == amended


@pytest.mark.parametrize("source", ["", "%%%", r"\begin{array}", r"\hline\end{array}", "√"])
def test_broken_source_loses_nothing(source):
    for character in "%√":
        assert amend(source).count(character) >= source.count(character)
