"""What makes two texts alike: shingles, their Jaccard similarity, and MinHash bands to find them.

MinHash is Broder's (On the resemblance and containment of documents, 1997, section 3); banding is
that of Leskovec, Rajaraman and Ullman (Mining of Massive Datasets, section 3.4).
"""

import re
import struct
from hashlib import blake2b
from zlib import crc32

from datasketch import MinHash

# Two texts are taken for the same problem from this share of common shingles on.
ALIKE = 0.7
SHINGLE = 3  # words
# With 25 bands of 5 a pair at 0.7 is missed once in a hundred times, at 0.8 once in ten thousand.
BANDS, ROWS = 25, 5

_WORD = re.compile(r"\w+|[^\w\s]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_pack_band = struct.Struct(f">B{ROWS}Q").pack
# Stored signatures are compared with later ones, so nothing about them may follow a new default.
_EMPTY = MinHash(BANDS * ROWS, seed=1, hashfunc=crc32, scheme="affine32")


def shingles(text: str) -> frozenset[str]:
    """The runs of three words of a text, in small letters; a shorter text is one shingle."""
    words = _WORD.findall(text.casefold())
    if len(words) <= SHINGLE:
        return frozenset([" ".join(words)])
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def similarity(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard: the share of the shingles of both that are in each, 0 to 1."""
    common = len(first & second)
    return common / (len(first) + len(second) - common)


def bands(text_shingles: frozenset[str]) -> list[int]:
    """One number a band of the MinHash; texts that share one are worth comparing."""
    minhash = _EMPTY.copy()
    minhash.update_batch([shingle.encode() for shingle in text_shingles])
    values = [int(value) for value in minhash.hashvalues]
    return [_band(number, values[number * ROWS : (number + 1) * ROWS]) for number in range(BANDS)]


def numbers(text: str) -> list[str]:
    """The numbers that a text states, in order."""
    return _NUMBER.findall(text)


def _band(number: int, values: list[int]) -> int:
    digest = blake2b(_pack_band(number, *values), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
