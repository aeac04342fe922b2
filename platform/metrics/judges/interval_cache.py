"""Cache of F1 intervals, keyed by the counts they were computed from."""

import hashlib
from collections.abc import Sequence

import numpy as np
from django.core.cache import cache

from metrics.stats.bootstrap import Counts, Intervals, f1_intervals

KEPT_SECONDS = 7 * 24 * 3600


def cached_f1_intervals(subsets: Sequence[Counts]) -> Intervals:
    """Return `bootstrap.f1_intervals`, from the cache if the same counts were seen."""
    key = f"metrics.f1:{_digest(subsets)}"
    found = cache.get(key)
    if found is None:
        found = f1_intervals(subsets)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _digest(subsets: Sequence[Counts]) -> str:
    """Return a key that does not depend on the order of a subset's rows."""
    digest = hashlib.blake2b(digest_size=20)
    for subset in subsets:
        rows = subset[np.lexsort(subset.T)] if len(subset) else subset
        digest.update(f"{rows.shape}".encode() + np.ascontiguousarray(rows).tobytes())
    return digest.hexdigest()
