"""Memorization: how much of a generator's success is lost when the problem changes a little.

The local-inconsistency-based memorization score (Xie et al., "On Memorization of Large Language
Models in Logical Reasoning", arXiv 2410.23123): LiMem = Acc · (1 - CR), where Acc is the
share of original problems solved, and CR, the consistency ratio, the share of those solved whose
perturbed form is solved too. It is high only for a generator that does well and does not hold it.

The paper has one attempt a problem. With several, a problem is solved to the extent of its share of
right attempts, and a pair to the product of both shares, the chance that two attempts drawn apart
are both right. An original with several variants counts once, its variants by their mean.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

import numpy as np

from metrics.stats.bootstrap import RESAMPLES, SEED, Estimate, Floats, percentiles, resampled_sums


@dataclass(frozen=True, slots=True)
class VariantPair:
    """An original problem and one variant: the shares of a generator's right attempts.

    `family` names the problems that are variants of one another; intervals resample families.
    """

    family: str
    original: str
    original_right: float
    variant_right: float


@dataclass(frozen=True, slots=True)
class Memorization:
    """`score` is 0 to 1. With nothing solved consistency is undefined and the score 0."""

    originals: int
    families: int
    accuracy: Estimate
    variant_accuracy: Estimate
    consistency: Estimate
    score: Estimate


def memorization(
    pairs: Iterable[VariantPair], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Memorization:
    """Return one generator's figures over the pairs with attempts at both problems."""
    variants: defaultdict[tuple[str, str], list[VariantPair]] = defaultdict(list)
    for pair in pairs:
        variants[pair.family, pair.original].append(pair)
    families: defaultdict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for (family, _), found in variants.items():
        original = found[0].original_right
        variant = fsum(pair.variant_right for pair in found) / len(found)
        families[family].append((original, variant, original * variant))
    # A row a family: originals, and the sums over them of those three.
    rows = np.array(
        [
            (len(members), *(fsum(column) for column in zip(*members, strict=True)))
            for members in families.values()
        ]
    ).reshape(-1, 4)
    sums = rows.sum(axis=0, keepdims=True)
    drawn = resampled_sums(rows, np.random.default_rng(seed), resamples)
    figures = [
        _figure(measure(sums), measure(drawn) if len(rows) > 1 else None)
        for measure in (_accuracy, _variant_accuracy, _consistency, _score)
    ]
    return Memorization(len(variants), len(families), *figures)


def _accuracy(sums: Floats) -> Floats:
    return _share(sums[:, 1], sums[:, 0])


def _variant_accuracy(sums: Floats) -> Floats:
    return _share(sums[:, 2], sums[:, 0])


def _consistency(sums: Floats) -> Floats:
    return _share(sums[:, 3], sums[:, 1])


def _score(sums: Floats) -> Floats:
    """Return Acc · (1 - CR) without CR: solved and not kept, of all originals."""
    return _share(sums[:, 1] - sums[:, 3], sums[:, 0])


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(part / np.where(whole > 0, whole, np.nan))


def _figure(value: Floats, drawn: Floats | None) -> Estimate:
    if np.isnan(value[0]):
        return Estimate(None, None)
    return Estimate(float(value[0]), None if drawn is None else percentiles(drawn))
