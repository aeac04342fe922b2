import pytest

from traces.surrogates import LONE_SURROGATE, replace_surrogates


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("", ""),
        ("plain é 😀", "plain é 😀"),
        ("a\ud83d", "a�"),
        ("\udc00b\ud800\udfff", "�b��"),
    ],
)
def test_halves_of_characters_are_replaced(text, replaced):
    assert replace_surrogates(text) == replaced
    assert not LONE_SURROGATE.search(replaced)
    replaced.encode()
