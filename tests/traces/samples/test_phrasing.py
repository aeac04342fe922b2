import pytest

from traces.samples.phrasing import phrase, phrases

VALUES = {"trays": "12", "each": "5", "made": "60", "share": "20"}


@pytest.mark.parametrize(
    ("text", "dollar", "paren", "plain"),
    [
        (
            "so [[<trays> * <each> = <made>]].",
            r"so $12 \times 5 = 60$.",
            r"so \(12 \times 5 = 60\).",
            "so 12 × 5 = 60.",
        ),
        ("[=<made> / <each>=]", r"$$\frac{60}{5}$$", r"\[\frac{60}{5}\]", "60 ÷ 5"),
        ("[[<share>% ~ x]]", r"$20\% \approx x$", r"\(20\% \approx x\)", "20% ≈ x"),
        (
            "[=x &= <made>=]",
            r"$$\begin{aligned}x &= 60\end{aligned}$$",
            r"\[\begin{aligned}x &= 60\end{aligned}\]",
            "x = 60",
        ),
        ("100% of <made>", "100% of 60", "100% of 60", "100% of 60"),
    ],
)
def test_a_phrase_is_filled_in_every_notation(text, dollar, paren, plain):
    forms = phrase(text).forms
    assert forms["dollar"] % VALUES == dollar
    assert forms["paren"] % VALUES == paren
    assert forms["plain"] % VALUES == plain


def test_the_sum_is_the_left_side_of_the_equation_for_the_value():
    sums = phrase("we get [[x = <trays> * <each> = <made>]] in all", "made").sums
    assert sums["plain"] % VALUES == "12 × 5"
    assert sums["dollar"] % VALUES == r"12 \times 5"


@pytest.mark.parametrize("text", ["[[<trays> * <each> = <made>]]", "no equation", "[[<made>]]"])
def test_a_phrase_without_an_equation_for_the_value_has_no_sum(text):
    assert phrase(text, "each").sums == {}
    assert phrase(text).sums == {}


def test_a_phrase_names_its_values():
    assert phrase("<trays> of [[<each>]]").names == {"trays", "each"}
    assert [one.names for one in phrases(("<a>", "none"))] == [{"a"}, frozenset()]
