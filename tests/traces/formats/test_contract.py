import pytest

from traces.formats import ReadOptions


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"neutral": "maybe"}, "'positive' or 'negative'"),
        ({"label_base": 2}, "from 0 or from 1"),
        ({"cut": "anywhere"}, "blank-line, line, numbered, sentence, marker"),
        ({"cut": "marker"}, "needs the text of the marker"),
        ({"mapping": {"author": "who"}}, "mapping fills 'author'"),
    ],
)
def test_wrong_options_are_refused_with_what_would_do(options, words):
    with pytest.raises(ValueError, match=words):
        ReadOptions(**options)
