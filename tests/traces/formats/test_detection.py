import pytest

from tests.traces.formats.inline_rows import ROWS, row_of
from traces.formats import FORMATS
from traces.formats.format_reader import UnknownFormat, detect, get_format


def test_each_format_has_a_row_here():
    assert set(ROWS) == set(FORMATS)
    assert all(name == form.name for name, form in FORMATS.items())


@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_claimed_by_its_own_format_alone(name):
    assert [other for other, form in FORMATS.items() if form.matches(ROWS[name])] == [name]


@pytest.mark.parametrize("name", ROWS)
def test_a_format_is_told_from_its_rows(name):
    assert detect([ROWS[name]]) == name


def test_a_bad_row_among_the_first_does_not_mislead():
    rows = [row_of("processbench", steps=None), *[row_of("processbench")] * 3]
    assert detect(rows) == "processbench"


@pytest.mark.parametrize(
    "row",
    [{}, {"messages": []}, {"messages": ["x"]}, {"reasoning_steps": [], "question": "q"}]
    + [dict.fromkeys(row) for row in ROWS.values()],
)
def test_rows_without_substance_are_claimed_by_none(row):
    assert not [name for name, form in FORMATS.items() if form.matches(row)]


def test_unknown_rows_are_named_with_the_formats_there_are():
    with pytest.raises(UnknownFormat) as caught:
        detect([{"frage": "?", "antwort": "!"}])
    assert "frage, antwort" in str(caught.value)
    assert "processbench" in str(caught.value) and "general" in str(caught.value)


def test_a_format_that_there_is_not_is_refused():
    with pytest.raises(UnknownFormat, match="Unknown format 'proces'"):
        get_format("proces")
