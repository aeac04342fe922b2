from collections.abc import Callable
from typing import Any

import pytest

from traces.formats import fields
from traces.records import RowError

ROW = {
    "text": "x",
    "blank": " ",
    "number": 3,
    "decimal": 0.5,
    "huge": 1e30,
    "null": None,
    "list": [1],
    "flag": True,
    "object": {"a": 1},
    "half": "a\ud800",
}


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        (fields.text, "text", "x"),
        (fields.optional_text, "number", "3"),
        (fields.optional_text, "decimal", "0.5"),
        (fields.optional_text, "null", None),
        (fields.optional_text, "missing", None),
        (fields.text_or_empty, "missing", ""),
        (fields.optional_bool, "flag", True),
        (fields.optional_bool, "null", None),
        (fields.required_list, "list", [1]),
        (fields.optional_list, "missing", []),
        (fields.required, "object", {"a": 1}),
    ],
)
def test_values_are_read_by_their_type(read: Callable[..., Any], name: str, value: Any):
    assert read(ROW, name) == value


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (fields.text, "blank"),
        (fields.text, "number"),
        (fields.text, "missing"),
        (fields.text, "half"),
        (fields.optional_text, "huge"),
        (fields.optional_text, "list"),
        (fields.optional_bool, "number"),
        (fields.required_list, "text"),
        (fields.required_list, "null"),
        (fields.optional_list, "object"),
    ],
)
def test_a_value_of_another_type_is_an_error_that_names_the_field(
    read: Callable[..., Any], name: str
):
    with pytest.raises(RowError) as caught:
        read(ROW, name)
    assert caught.value.field == name


def test_steps_may_have_blank_ones_among_them_but_not_alone():
    assert fields.check_steps(["a", ""], "steps") == ["a", ""]
    for value in ([], ["", " "], ["a", 3], "a", ["a\ud800"], ["a"] * (fields.MOST_STEPS + 1)):
        with pytest.raises(RowError):
            fields.check_steps(value, "steps")
    with pytest.raises(RowError) as caught:
        fields.check_steps(["a", 3], "steps")
    assert caught.value.field == "steps[1]"


@pytest.mark.parametrize(
    ("value", "base", "label"),
    [(0, 0, 0), (2, 0, 2), (1, 1, 0), (3, 1, 2), (-1, 0, -1), (-1, 1, -1)],
)
def test_a_label_counts_from_its_base(value: int, base: int, label: int):
    assert fields.check_label(value, 3, "label", base=base) == label


@pytest.mark.parametrize(("value", "base"), [(3, 0), (0, 1), (4, 1), (-2, 0), (True, 0), ("1", 0)])
def test_a_label_outside_the_steps_is_an_error(value: Any, base: int):
    with pytest.raises(RowError):
        fields.check_label(value, 3, "label", base=base)


def test_the_first_wrong_step_is_found():
    assert fields.first_wrong([1, None, -1, -1]) == 2
    assert fields.first_wrong([1, 0, None]) == -1


def test_the_other_fields_are_kept_without_nulls():
    assert fields.other_fields({"a": 1, "b": None, "c": 3}, frozenset({"a"})) == {"c": 3}


def test_a_digest_tells_texts_apart():
    assert len(fields.digest("a", "b")) == 12
    assert fields.digest("a", "b") == fields.digest("a", "b")
    assert len({fields.digest("ab"), fields.digest("a", "b"), fields.digest("b", "a")}) == 3


def test_types_have_plain_names():
    names = [fields.type_name(value) for value in (None, True, 3, 0.5, "x", [], {})]
    assert names == [
        *("null", "true or false", "a whole number", "a number"),
        *("a text", "a list", "an object"),
    ]


def test_fields_are_recognised_by_their_type():
    assert fields.has_texts(ROW, "text", "blank") and not fields.has_texts(ROW, "text", "number")
    assert fields.has_lists(ROW, "list") and not fields.has_lists(ROW, "list", "missing")
    assert fields.as_object({}, "x") == {}
    with pytest.raises(RowError, match="x: must be an object"):
        fields.as_object([], "x")
