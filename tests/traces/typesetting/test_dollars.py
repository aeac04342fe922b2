"""A dollar sign as money and as mathematics."""

import pytest

from traces.typesetting.scanner import spans


def formulas(text: str) -> list[str]:
    return [span.source for span in spans(text) if span.kind in ("math", "display")]


@pytest.mark.parametrize(
    "text",
    [
        "$3 each and $5.00",
        "She pays $40/hour for Monday and then $28/hour for Sunday.",
        "It costs $20 - $5 = $15.",
        "between $1,000,000 and $2,500,000",
        "He has $5. She has $6.",
        "$5-$3 = $2",
        "($40 x 5) + ($30 x 2) = $260",
        "**$20** and **$35**",
        "- Bacon: **$20**.\n- Total: **$35**",
        "| item | $5 | $3 |",
        "|$5|$3|",
        "= $<<20*5=100>>100. Then $<<100-40=60>>60 is left",
        "5$ and then 3$.",
        "US$5 or A$7",
        "a budget of $.50 and $.25",
        "\\$5 and \\$7",
        "echo $HOME and $PATH",
        "costs $$ and more $$$",
        "The first is $5, the second is $6, the third $7.",
        "$100 is split in two, so each gets $50 (of $100).",
        "from $5 to $10",
        "paid $12 an hour, i.e. $96 a day",
        "one dollar: $",
        "$ 20, and $ 30",
        "$1 the first hour\n\n2 more, then 3$",
    ],
)
def test_money_stays_text(text: str) -> None:
    assert formulas(text) == []
    assert "".join(span.source for span in spans(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("costs $x$ dollars", ["$x$"]),
        ("$\\$1.24$", ["$\\$1.24$"]),
        ("There are $5$ apples and $12$ pears.", ["$5$", "$12$"]),
        ("$3p+e=1.24$ and $5p+e=1.82$.", ["$3p+e=1.24$", "$5p+e=1.82$"]),
        ("the sum is $13.$ The rest is $27.$", ["$13.$", "$27.$"]),
        ("$60 + d + 60 + 2d = 360,$ where $d$ is it", ["$60 + d + 60 + 2d = 360,$", "$d$"]),
        ("is $24 - 6$ or $10000 - 4$?", ["$24 - 6$", "$10000 - 4$"]),
        ("only $4, 5$ and $6, 8,$ fit", ["$4, 5$", "$6, 8,$"]),
        ("$ x^2 + 1 $ is spaced", ["$ x^2 + 1 $"]),
        ("$ax + by = c$", ["$ax + by = c$"]),
        ("$1 = |Q(-1)|$", ["$1 = |Q(-1)|$"]),
        ("a $60 bill before tax by finding $15 \\%$ of $60$", ["$15 \\%$", "$60$"]),
        ("Each is $1, so the total is $20 \\times 2 = \\$40$.", ["$20 \\times 2 = \\$40$"]),
        ("He has $5 and $x$ more", ["$x$"]),
        ("$x$$y$", ["$x$", "$y$"]),
        ("$$x = 5$$", ["$$x = 5$$"]),
        ("$n$-th and $x$'s", ["$n$", "$x$"]),
        ("若$x=1$则", ["$x=1$"]),
        ("$0.5$, $-3$, $.5$", ["$0.5$", "$-3$", "$.5$"]),
        ("$100{,}001$", ["$100{,}001$"]),
        ("**$x$** and _$y$_", ["$x$", "$y$"]),
        ("$5x \\text{ and } 3$", ["$5x \\text{ and } 3$"]),
        ("$20\\text{ if $x$ is } 3$", ["$20\\text{ if $x$ is } 3$"]),
    ],
)
def test_formulas_are_found(text: str, expected: list[str]) -> None:
    assert formulas(text) == expected


def test_words_between_dollars_stay_text_for_mathematics_would_join_them() -> None:
    assert formulas("$the base is parallel to the top$") == []


def test_no_formula_runs_over_a_blank_line() -> None:
    assert formulas("$x = 5\n\nand y$") == []


def test_money_in_gsm8k_is_hardly_ever_mathematics(shared_data) -> None:
    """Formulas in dollars are there as well, but a formula with two words of prose is money."""
    import json

    rows = json.loads(shared_data("processbench/gsm8k.json").read_text())
    texts = [text for row in rows for text in (row["problem"], *row["steps"])]
    found = [source for text in texts for source in formulas(text) if source.startswith("$")]
    wordy = [source for source in found if " and " in source and "\\" not in source]
    assert len(found) > 20
    assert wordy == []
