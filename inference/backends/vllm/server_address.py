"""The address of a server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A URL without a slash at its end, and a bearer token, which may be empty."""

    url: str
    key: str = ""
