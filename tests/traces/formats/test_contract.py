import pytest

from traces.formats import ReadOptions


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"neutral": "maybe"}, "'positive' or 'negative'"),
        ({"label_base": 2}, "must be 0 or 1"),
        ({"cut": "anywhere"}, "blank-line, line, numbered, sentence, marker"),
        ({"cut": "marker"}, "needs a marker text"),
        ({"mapping": {"author": "who"}}, "mapping names the unknown field 'author'"),
    ],
)
def test_wrong_options_are_rejected_with_the_right_ones(options, words):
    with pytest.raises(ValueError, match=words):
        ReadOptions(**options)
