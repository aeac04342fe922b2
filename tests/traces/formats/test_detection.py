import pytest

from tests.traces.formats.inline_rows import ROWS, row_of
from traces.formats import FORMATS
from traces.formats.format_reader import UnknownFormat, detect, get_format


def test_each_format_has_a_row_here():
    assert set(ROWS) == set(FORMATS)
    assert all(name == form.name for name, form in FORMATS.items())


@pytest.mark.parametrize("name", ROWS)
def test_a_row_matches_only_its_own_format(name):
    assert [other for other, form in FORMATS.items() if form.matches(ROWS[name])] == [name]


@pytest.mark.parametrize("name", ROWS)
def test_a_format_is_detected_from_its_rows(name):
    assert detect([ROWS[name]]) == name


def test_a_bad_row_among_the_first_does_not_mislead():
    rows = [row_of("processbench", steps=None), *[row_of("processbench")] * 3]
    assert detect(rows) == "processbench"


@pytest.mark.parametrize(
    "row",
    [{}, {"messages": []}, {"messages": ["x"]}, {"reasoning_steps": [], "question": "q"}]
    + [dict.fromkeys(row) for row in ROWS.values()],
)
def test_empty_rows_match_no_format(row):
    assert not [name for name, form in FORMATS.items() if form.matches(row)]


def test_unknown_rows_are_named_with_the_formats_there_are():
    with pytest.raises(UnknownFormat) as caught:
        detect([{"frage": "?", "antwort": "!"}])
    assert "frage, antwort" in str(caught.value)
    assert "processbench" in str(caught.value) and "general" in str(caught.value)


def test_a_missing_format_is_an_error():
    with pytest.raises(UnknownFormat, match="Unknown format 'proces'"):
        get_format("proces")
