"""Taking typed values out of a row, each with the sentence that says what would be right."""

from hashlib import blake2b
from typing import Any

from traces.formats.contract import Row
from traces.records import NO_ERROR, RowError

# What the database's step count and labels can hold.
MOST_STEPS = 32_767
# Beyond this a JSON number has been rounded on reading.
_LARGEST_EXACT = 2**63


def kind(value: Any) -> str:
    """What a value is, in a reader's words."""
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return names.get(type(value), "a list" if isinstance(value, list) else "an object")


def required(row: Row, name: str) -> Any:
    value = row.get(name)
    if value is None:
        raise RowError(name, "is missing" if name not in row else "is null, and must be given")
    return value


def check_text(value: Any, name: str) -> str:
    """A text that UTF-8 can hold."""
    if type(value) is not str:
        raise RowError(name, f"must be a text, and is {kind(value)}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise RowError(
                name, f"holds half of a surrogate pair at character {error.start}, which is no text"
            ) from None
    return value


def text(row: Row, name: str) -> str:
    """A text that says something."""
    value = check_text(required(row, name), name)
    if not value or value.isspace():
        raise RowError(name, "is empty, and must say something")
    return value


def optional_text(row: Row, name: str) -> str | None:
    """A text or a number as text; null, a missing field and an empty text are None."""
    value = row.get(name)
    if value is None or value == "":
        return None
    return answer_text(value, name)


def answer_text(value: Any, name: str) -> str:
    """An answer, which datasets write as a text or as a number."""
    if type(value) is int:
        return str(value)
    if type(value) is float:
        if abs(value) >= _LARGEST_EXACT:
            raise RowError(name, "is a number too large to be read exactly; write it as a text")
        return str(value)
    return check_text(value, name)


def named(row: Row, name: str) -> str:
    """A name or id: like optional_text, but "" where there is none."""
    return optional_text(row, name) or ""


def optional_bool(row: Row, name: str) -> bool | None:
    value = row.get(name)
    if value is None or type(value) is bool:
        return value
    raise RowError(name, f"must be true, false or null, and is {kind(value)}")


def list_of(row: Row, name: str) -> list[Any]:
    value = required(row, name)
    if type(value) is not list:
        raise RowError(name, f"must be a list, and is {kind(value)}")
    return value


def optional_list(row: Row, name: str, place: str = "") -> list[Any]:
    """The list, or an empty one where there is none; `place` is where the row itself stands."""
    value = row.get(name)
    if value is None:
        return []
    if type(value) is not list:
        raise RowError(
            f"{place}.{name}" if place else name, f"must be a list, and is {kind(value)}"
        )
    return value


def object_in(value: Any, name: str) -> Row:
    if type(value) is not dict:
        raise RowError(name, f"must be an object, and is {kind(value)}")
    return value


def check_steps(value: Any, name: str) -> list[str]:
    """A list of texts, of which at least one says something. A blank one among others stays."""
    if type(value) is not list:
        raise RowError(name, f"must be a list of texts, and is {kind(value)}")
    try:
        whole = "".join(value)
    except TypeError:
        wrong = next(i for i, step in enumerate(value) if not isinstance(step, str))
        raise RowError(f"{name}[{wrong}]", f"must be a text, and is {kind(value[wrong])}") from None
    if not whole or whole.isspace():
        raise RowError(name, "has no step that says anything; at least one is needed")
    if not whole.isascii():
        for index, step in enumerate(value):
            check_text(step, f"{name}[{index}]")
    if len(value) > MOST_STEPS:
        raise RowError(name, f"has {len(value):,} steps; at most {MOST_STEPS:,} can be kept")
    return value


def steps_in(row: Row, name: str) -> list[str]:
    return check_steps(required(row, name), name)


def check_label(value: Any, count: int, name: str, *, base: int = 0) -> int:
    """The 0-based index of a step among `count`, or -1, from a label that counts from `base`.

    -1 means no error whichever way the steps count.
    """
    if type(value) is not int:
        raise RowError(name, f"must be a whole number, and is {kind(value)}")
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
    """The first step labelled -1, or -1 if none is."""
    return step_labels.index(-1) if -1 in step_labels else NO_ERROR


def rest(row: Row, used: frozenset[str]) -> Row:
    """What a row says beyond the fields that became parts of the record."""
    return {name: value for name, value in row.items() if name not in used and value is not None}


def digest(*texts: str) -> str:
    """Twelve hexadecimal digits that tell these texts from others, for ids that need it."""
    return blake2b("\x1e".join(texts).encode(), digest_size=6).hexdigest()


def has_texts(row: Row, *names: str) -> bool:
    return all(type(row.get(name)) is str for name in names)


def has_lists(row: Row, *names: str) -> bool:
    return all(type(row.get(name)) is list for name in names)
