"""Content hashes: 128 bits of BLAKE2b; they find the same problem or trace under other ids."""

import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from uuid import UUID

_pack_length = struct.Struct(">i").pack
# Almost every text is short, and looking its length up takes a third of packing it.
_LENGTHS = [_pack_length(length) for length in range(4096)]


def problem_hash(text: str) -> UUID:
    return UUID(bytes=hash_of(text.encode()))


def trace_hash(problem: str, generator: str, revision: str, steps: Sequence[str]) -> UUID:
    """Over the problem's text, the generator and the steps; lengths keep the parts apart."""
    return UUID(bytes=hash_of(joined(t.encode() for t in (problem, generator, revision, *steps))))


def hash_of(content: bytes) -> bytes:
    """The 16 bytes of a hash. A trace's content is its `joined` parts, a problem's its text."""
    return blake2b(content, digest_size=16).digest()


def joined(parts: Iterable[bytes]) -> bytes:
    """The parts one after the other, each behind its length in four bytes."""
    parts = list(parts)
    try:
        return b"".join([_LENGTHS[len(part)] + part for part in parts])
    except IndexError:
        return b"".join([_pack_length(len(part)) + part for part in parts])
