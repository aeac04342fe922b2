"""Content hashes, 128 bits of BLAKE2b: the same problem or trace has the same hash."""

import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from uuid import UUID

_pack_length = struct.Struct(">i").pack
# Almost every text is short, and to look its length up takes a third of the time of packing it.
_LENGTHS = [_pack_length(length) for length in range(4096)]


def problem_hash(text: str) -> UUID:
    """Return the hash of a problem's text."""
    return UUID(bytes=hash_of(text.encode()))


def trace_hash(problem: str, generator: str, revision: str, steps: Sequence[str]) -> UUID:
    """Return the hash over the problem's text, the generator and the steps."""
    return UUID(bytes=hash_of(joined(t.encode() for t in (problem, generator, revision, *steps))))


def hash_of(content: bytes) -> bytes:
    """Return the 16 bytes of a hash: of a trace's `joined` parts, or of a problem's text."""
    return blake2b(content, digest_size=16).digest()


def joined(parts: Iterable[bytes]) -> bytes:
    """Return the parts joined, each after its length in four bytes, which keeps them apart."""
    parts = list(parts)
    try:
        return b"".join([_LENGTHS[len(part)] + part for part in parts])
    except IndexError:
        return b"".join([_pack_length(len(part)) + part for part in parts])
