from hypothesis import given
from hypothesis import strategies as st

from inference.backends.prm.token_batches import batches


@given(st.lists(st.integers(1, 50), max_size=40), st.integers(1, 200))
def test_batches_hold_each_sequence_once_within_the_budget(lengths: list[int], budget: int):
    cut = list(batches(lengths, budget))
    assert sorted(i for batch in cut for i in batch) == list(range(len(lengths)))
    for batch in cut:
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= budget


def test_sequences_of_like_length_go_together_in_their_order():
    assert list(batches([5, 50, 5, 50, 5], 100)) == [[1, 3], [0, 2, 4]]
