import pytest

from tests.traces.samples.equations import equations, holds


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("14 × 15 = 210 croissants", [("14 * 15", "210")]),
        (r"\(x = \frac{98}{7} = 14\).", [("((98)/(7))", "14")]),
        ("$11 - 4 = 7$, so $7x + 7 = 105$.", [("11 - 4", "7")]),
        (r"$$c^2 = 9 + 16 = 25.$$", [("9 + 16", "25")]),
        (r"\(100\% - 20\% = 80\%\)", [("100 - 20", "80")]),
        ("**Step 2.** 11 - 4 = 7.", [("11 - 4", "7")]),
        (r"$\sqrt{25} = 5$", [("(5)", "5")]),
        (r"$x^2 - 19x + 60 = 0$ and $7x = 98$", []),
    ],
)
def test_equations_between_numbers_are_found(text, pairs):
    assert equations(text) == pairs


def test_a_false_equation_does_not_hold():
    assert holds("7 × 8 = 56.")
    assert not holds("7 × 8 = 54.")
