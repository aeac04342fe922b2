"""Content hashes: 128 bits of BLAKE2b; they find the same problem or trace under other ids."""

from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

# Between the parts of a trace, so that no two lists of steps run together into the same bytes.
_BETWEEN = b"\x1f\x00"


def problem_hash(text: str) -> UUID:
    return UUID(bytes=hash_of_problem(text.encode()))


def hash_of_problem(text: bytes) -> bytes:
    """The 16 bytes of `problem_hash`, for who has the text encoded."""
    return blake2b(text, digest_size=16).digest()


def trace_hash(problem: str, generator: str, revision: str, steps: Sequence[str]) -> UUID:
    """Over the problem's text, the generator and the steps; lengths keep the parts apart."""
    parts = [problem.encode(), generator.encode(), revision.encode(), *(s.encode() for s in steps)]
    return UUID(bytes=hash_of_parts(parts))


def hash_of_parts(parts: Sequence[bytes]) -> bytes:
    """The 16 bytes of `trace_hash`, for who has problem, generator, revision and steps encoded."""
    lengths = ",".join([str(len(part)) for part in parts]).encode()
    return blake2b(_BETWEEN.join([lengths, *parts]), digest_size=16).digest()
