"""How the tests of the code itself report what they find."""

from collections.abc import Iterable


def check(kind: str, faults: Iterable[str]) -> None:
    """Fail with every fault of a kind, one a line."""
    lines = sorted(faults)
    assert not lines, "\n".join([f"{len(lines)} {kind}:", *lines])
