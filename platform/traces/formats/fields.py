"""Typed values of a row. A wrong value raises RowError with what would be right."""

from hashlib import blake2b
from typing import Any

from traces.formats.contract import Row
from traces.records import NO_ERROR, RowError

# The limit of the database's step counts and labels.
MOST_STEPS = 32_767
# A larger JSON number was rounded on reading.
_LARGEST_EXACT = 2**63


def type_name(value: Any) -> str:
    """Return the type of a JSON value in plain words."""
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return names.get(type(value), "a list" if isinstance(value, list) else "an object")


def required(row: Row, name: str) -> Any:
    """Return the field's value. Raises RowError if it is missing or null."""
    value = row.get(name)
    if value is None:
        raise RowError(name, "is missing" if name not in row else "is null, and must be given")
    return value


def check_text(value: Any, name: str) -> str:
    """Return the value if it is a text that UTF-8 can hold."""
    if type(value) is not str:
        raise RowError(name, f"must be a text, and is {type_name(value)}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise RowError(
                name, f"holds half of a surrogate pair at character {error.start}, which is no text"
            ) from None
    return value


def text(row: Row, name: str) -> str:
    """Return the field's text, which must not be blank."""
    value = check_text(required(row, name), name)
    if not value or value.isspace():
        raise RowError(name, "is empty, and must say something")
    return value


def optional_text(row: Row, name: str) -> str | None:
    """Return a text, or a number as text; None for null, a missing field and an empty text."""
    value = row.get(name)
    if value is None or value == "":
        return None
    return answer_text(value, name)


def answer_text(value: Any, name: str) -> str:
    """Return an answer as text; datasets write it as a text or as a number."""
    if type(value) is int:
        return str(value)
    if type(value) is float:
        if abs(value) >= _LARGEST_EXACT:
            raise RowError(name, "is a number too large to be read exactly; write it as a text")
        return str(value)
    return check_text(value, name)


def text_or_empty(row: Row, name: str) -> str:
    """Return `optional_text`, or "" instead of None; for names and ids."""
    return optional_text(row, name) or ""


def optional_bool(row: Row, name: str) -> bool | None:
    """Return true, false or None for null and a missing field."""
    value = row.get(name)
    if value is None or type(value) is bool:
        return value
    raise RowError(name, f"must be true, false or null, and is {type_name(value)}")


def required_list(row: Row, name: str) -> list[Any]:
    """Return the field's list."""
    value = required(row, name)
    if type(value) is not list:
        raise RowError(name, f"must be a list, and is {type_name(value)}")
    return value


def optional_list(row: Row, name: str, place: str = "") -> list[Any]:
    """Return the list, or an empty one for null; `place` is the path of `row` itself."""
    value = row.get(name)
    if value is None:
        return []
    if type(value) is not list:
        raise RowError(
            f"{place}.{name}" if place else name, f"must be a list, and is {type_name(value)}"
        )
    return value


def as_object(value: Any, name: str) -> Row:
    """Return the value if it is an object."""
    if type(value) is not dict:
        raise RowError(name, f"must be an object, and is {type_name(value)}")
    return value


def check_steps(value: Any, name: str) -> list[str]:
    """Return a list of texts, at least one of them not blank. Blank ones among others are kept."""
    if type(value) is not list:
        raise RowError(name, f"must be a list of texts, and is {type_name(value)}")
    try:
        whole = "".join(value)
    except TypeError:
        wrong = next(i for i, step in enumerate(value) if not isinstance(step, str))
        raise RowError(
            f"{name}[{wrong}]", f"must be a text, and is {type_name(value[wrong])}"
        ) from None
    if not whole or whole.isspace():
        raise RowError(name, "has no step that says anything; at least one is needed")
    if not whole.isascii():
        for index, step in enumerate(value):
            check_text(step, f"{name}[{index}]")
    if len(value) > MOST_STEPS:
        raise RowError(name, f"has {len(value):,} steps; at most {MOST_STEPS:,} can be kept")
    return value


def steps_in(row: Row, name: str) -> list[str]:
    """Return the field's list of steps."""
    return check_steps(required(row, name), name)


def check_label(value: Any, count: int, name: str, *, base: int = 0) -> int:
    """Return the 0-based index of a step among `count`, from a label that counts from `base`.

    -1 means no error for any `base`.
    """
    if type(value) is not int:
        raise RowError(name, f"must be a whole number, and is {type_name(value)}")
    if value == NO_ERROR:
        return NO_ERROR
    if not base <= value < count + base:
        raise RowError(
            name,
            f"is {value}, and must be the number of one of the {count} steps, "
            f"{base} to {count + base - 1}, or -1 for no error",
        )
    return value - base


def first_wrong(step_labels: list[int | None]) -> int:
    """Return the index of the first step labelled -1, or NO_ERROR."""
    return step_labels.index(-1) if -1 in step_labels else NO_ERROR


def other_fields(row: Row, used: frozenset[str]) -> Row:
    """Return the row's fields, without null ones, that did not become parts of the record."""
    return {name: value for name, value in row.items() if name not in used and value is not None}


def digest(*texts: str) -> str:
    """Return twelve hexadecimal digits of a hash of the texts, to make ids unique."""
    return blake2b("\x1e".join(texts).encode(), digest_size=6).hexdigest()


def has_texts(row: Row, *names: str) -> bool:
    """Return True if all these fields are texts."""
    return all(type(row.get(name)) is str for name in names)


def has_lists(row: Row, *names: str) -> bool:
    """Return True if all these fields are lists."""
    return all(type(row.get(name)) is list for name in names)
