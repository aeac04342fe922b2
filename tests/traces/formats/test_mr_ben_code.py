import pytest

from traces.formats.mr_ben_code import first_wrong_line, steps_of_code

CODE = "\ndef f(x):\n    y = x + 1\n\n    return x\n"


def test_blank_lines_belong_to_the_line_before():
    assert steps_of_code(CODE) == ["", "def f(x):", "    y = x + 1\n", "    return x\n"]
    assert "\n".join(steps_of_code(CODE)) == CODE


@pytest.mark.parametrize(
    ("label", "index"),
    [
        ("return x", 3),
        ("```python\n    y = x + 1\n```", 2),
        ("return y", None),
        ("```\n```", None),
        ("", None),
    ],
)
def test_the_wrong_line_is_found_without_its_indent(label, index):
    assert first_wrong_line(label, steps_of_code(CODE)) == index
