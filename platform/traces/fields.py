"""Text fields that store U+0000 too.

PostgreSQL's text can hold every character but U+0000, and texts from models contain it. It is
stored as an escape character followed by "0", and the escape character itself as two of them. The
escape is U+10FFFF, a noncharacter that no text needs, so almost every text is stored unchanged.
"""

from typing import Any

from django.db import models

_ESCAPE = "\U0010ffff"
_ESCAPE_BYTES = _ESCAPE.encode()


def escape_nul(text: str) -> str:
    """Return the text as PostgreSQL can hold it. Costs two scans if there is nothing to escape."""
    if "\0" not in text and _ESCAPE not in text:
        return text
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("\0", _ESCAPE + "0")


def may_be_escaped(stored: str) -> bool:
    """Return False if `unescape` changes nothing. Cheap, for many joined texts at once."""
    return _ESCAPE in stored


def unescape(stored: str) -> str:
    """Return the text that was given to `escape_nul`."""
    if _ESCAPE not in stored:
        return stored
    parts = stored.split(_ESCAPE * 2)
    return _ESCAPE.join(part.replace(_ESCAPE + "0", "\0") for part in parts)


def unescape_json(stored: bytes, value: Any) -> Any:
    """Return a jsonb column's value with its texts unescaped; `stored` are its bytes."""
    return _unescaped(value) if _ESCAPE_BYTES in stored else value


def _unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, dict):
        return {unescape(key): _unescaped(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_unescaped(entry) for entry in value]
    return value


class NulSafeTextField(models.TextField):
    """A text column that can hold U+0000."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return escape_nul(value) if isinstance(value, str) else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return None if value is None else unescape(value)
