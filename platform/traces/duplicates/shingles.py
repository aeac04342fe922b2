"""The similarity of texts: shingles, their Jaccard similarity, and MinHash bands to search by.

MinHash is Broder's (On the resemblance and containment of documents, 1997, section 3); banding is
that of Leskovec, Rajaraman and Ullman (Mining of Massive Datasets, section 3.4).
"""

import re
import struct
from hashlib import blake2b
from zlib import crc32

from datasketch import MinHash

# Two texts with at least this share of common shingles count as the same problem.
ALIKE = 0.7
SHINGLE = 3  # words
# With 25 bands of 5 a pair at 0.7 is missed once in a hundred times, at 0.8 once in ten thousand.
BANDS, ROWS = 25, 5

_WORD = re.compile(r"\w+|[^\w\s]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_pack_band = struct.Struct(f">B{ROWS}Q").pack
# Stored signatures are compared with later ones, so no new default of the library may change them.
_EMPTY = MinHash(BANDS * ROWS, seed=1, hashfunc=crc32, scheme="affine32")


def shingles(text: str) -> frozenset[str]:
    """Return the runs of three words in lower case; a shorter text is one shingle."""
    words = _WORD.findall(text.casefold())
    if len(words) <= SHINGLE:
        return frozenset([" ".join(words)])
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def similarity(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard similarity: the share of all shingles that both texts have, 0 to 1."""
    common = len(first & second)
    return common / (len(first) + len(second) - common)


def bands(text_shingles: frozenset[str]) -> list[int]:
    """Return a number for each band of the MinHash. Texts that share one are compared."""
    minhash = _EMPTY.copy()
    minhash.update_batch([shingle.encode() for shingle in text_shingles])
    values = [int(value) for value in minhash.hashvalues]
    return [_band(number, values[number * ROWS : (number + 1) * ROWS]) for number in range(BANDS)]


def numbers(text: str) -> list[str]:
    """Return the numbers in a text, in order."""
    return _NUMBER.findall(text)


def _band(number: int, values: list[int]) -> int:
    digest = blake2b(_pack_band(number, *values), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
