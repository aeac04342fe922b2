import pytest

from traces.typesetting.controls import CONTROL, name, show, show_plain, unix_lines


def test_line_ends_become_unix_ones():
    assert unix_lines("a\r\nb\rc\n\r\n") == "a\nb\nc\n\n"


@pytest.mark.parametrize("character", ["\0", "\x1b", "\u202e", "\u2028", "\ud800", "\U000e0041"])
def test_invisible_characters_are_shown_by_name(character):
    assert CONTROL.fullmatch(character)
    assert show_plain(f"a{character}b") == f"a[{name(character)}]b"
    assert show(f"&lt;{character}") == f'&lt;<span class="control">{name(character)}</span>'


@pytest.mark.parametrize("text", ["a b\tc\n", "é√😀", "עברית"])
def test_other_characters_are_left_as_they_are(text):
    assert show(text) == show_plain(text) == text


def test_a_name_has_at_least_four_digits():
    assert (name("\0"), name("\U000e0041")) == ("U+0000", "U+E0041")
