import pytest

from inference.backends.generative_prm.step_verdicts import Combined, StepVerdicts, combined


def put_together(*samples: list[float], asked: int = 0, steps: int = 3) -> Combined:
    return combined(
        [StepVerdicts(sample) for sample in samples],
        steps=steps,
        threshold=0.5,
        asked=asked or len(samples),
    )


@pytest.mark.parametrize(
    ("samples", "error", "scores", "confidence"),
    [
        ([[1, 1, 1]], -1, [1, 1, 1], None),
        ([[0.9, 0.4, 0.8]], 1, [0.9, 0.4, 0.8], None),
        ([[1, 0]], 1, None, None),  # it stopped there: nothing is known of the last step
        ([[1, 0.6]], 1, None, None),  # called wrong in words, whatever the probability
        ([[1, 0], [1, 1, 1], [1, 1, 0]], -1, [1, 2 / 3, 0.5], 1 / 3),  # a tie is no error
        ([[1, 0], [1, 0], [1, 1, 1]], 1, [1, 1 / 3, 1], 2 / 3),
        ([[1, 0], [1, 1, 1]], -1, [1, 0.5, 1], 0.5),
    ],
)
def test_samples_become_one_finding(
    samples: list[list[float]], error: int, scores: list[float] | None, confidence: float | None
):
    found = put_together(*samples)
    assert found.earliest_error == error
    assert found.scores == (None if scores is None else pytest.approx(scores))
    assert found.confidence == (None if confidence is None else pytest.approx(confidence))


def test_samples_that_could_not_be_read_count_against_the_confidence():
    assert put_together([1, 0, 1], asked=4).confidence == 0.25
