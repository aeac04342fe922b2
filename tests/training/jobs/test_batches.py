import torch

from training.jobs.batches import IGNORE, Example, collate, shuffled_indices


def test_a_batch_is_padded_on_the_right():
    examples = [
        Example([5, 6, 7], [IGNORE, 6, 7], correct=True, rate=0.25, old_logprobs=[-1.0, -2.0]),
        Example([8], [IGNORE]),
    ]
    batch = collate(examples, pad=2, device=torch.device("cpu"))
    assert batch.ids.tolist() == [[5, 6, 7], [8, 2, 2]]
    assert batch.labels.tolist() == [[IGNORE, 6, 7], [IGNORE] * 3]
    assert batch.mask.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch.correct.tolist() == [1, 0]
    assert batch.rate.tolist() == [0.25, 0.5]
    assert batch.old_logprobs.tolist() == [[0, -1, -2], [0, 0, 0]]


def take(count: int, **options: int) -> list[int]:
    stream = shuffled_indices(5, 1, **options)
    return [next(stream) for _ in range(count)]


def test_each_epoch_is_another_shuffle_of_all_indices():
    epochs = [take(15)[start : start + 5] for start in (0, 5, 10)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(5))] * 3
    assert len({tuple(epoch) for epoch in epochs}) > 1


def test_an_epoch_is_the_same_wherever_the_stream_starts():
    assert take(5, first_epoch=2) == take(15)[10:]
