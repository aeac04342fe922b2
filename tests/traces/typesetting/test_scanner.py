"""Where mathematics, code and drawings begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traces.typesetting.scanner import spans


def parts(text: str) -> list[tuple[str, str]]:
    return [(span.kind, span.source) for span in spans(text) if span.kind != "text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"a \(x\) b \[y\] c", [("math", r"\(x\)"), ("display", r"\[y\]")]),
        (r"\( a \( b \)", [("math", r"\( b \)")]),
        (r"\[ \begin{matrix} a \\[2pt] b \end{matrix} \]", None),
        (
            r"so \begin{align*}a&=b\end{align*} holds",
            [("display", r"\begin{align*}a&=b\end{align*}")],
        ),
        (r"v = \begin{pmatrix}1\end{pmatrix}", [("math", r"\begin{pmatrix}1\end{pmatrix}")]),
        (r"has \boxed{14} left", [("math", r"\boxed{14}")]),
        (r"**\boxed{$7455}**", [("math", r"\boxed{$7455}")]),
        (r"is \frac{1}{\sqrt{2}} of", [("math", r"\frac{1}{\sqrt{2}}")]),
        (r"\left( 1 \right) = x", [("math", r"\left( 1 \right)")]),
        ("`$x$` and $y$", [("code", "`$x$`"), ("math", "$y$")]),
        ("``a ` $b$``", [("code", "``a ` $b$``")]),
        ("```\n$x$\n```\n$y$", [("code", "```\n$x$\n```"), ("math", "$y$")]),
        ("~~~\n$x$", [("code", "~~~\n$x$")]),
        ("[asy]draw($x$);[/asy] $x$", [("drawing", "[asy]draw($x$);[/asy]"), ("math", "$x$")]),
        (r"\begin{itemize}\end{itemize}", []),
        (r"\boxed{14 and \( x", []),
        (r"\\(x\\)", []),
        ("``T'' and ``U''", []),
        ("$$a\n\nb$$", []),
        ("$$", []),
    ],
)
def test_spans_are_found(text: str, expected: list[tuple[str, str]] | None) -> None:
    assert parts(text) == ([("display", text)] if expected is None else expected)


@given(st.text(alphabet="$\\()[]{}`~ \nabx1be gin{align}", max_size=60))
def test_the_spans_of_a_text_are_the_text(text: str) -> None:
    assert "".join(span.source for span in spans(text)) == text
