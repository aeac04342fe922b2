"""Batches of sequences that fit a budget of tokens.

A padded batch costs the length of its longest sequence times their number, so sequences of like
length go together.
"""

from collections.abc import Iterator, Sequence


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield indices into `lengths`, longest first, so that each batch pads to at most `budget`.

    A sequence longer than the budget is a batch of its own. Sequences of one length keep their
    order, so the traces of one problem tend to stay together.
    """
    batch: list[int] = []
    longest = 0
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and longest * (len(batch) + 1) > budget:
            yield batch
            batch = []
        if not batch:
            longest = lengths[index]
        batch.append(index)
    if batch:
        yield batch
