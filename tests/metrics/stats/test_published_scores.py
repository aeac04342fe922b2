import pytest

from metrics.stats.published_scores import PUBLISHED, SUBSETS, PublishedScore, applies_to


@pytest.mark.parametrize("score", PUBLISHED, ids=lambda score: score.name)
def test_published_average_is_the_mean_of_its_subsets(score: PublishedScore) -> None:
    assert score.average == pytest.approx(sum(score.f1s) / 4, abs=0.1)
    assert score.mean_over(SUBSETS) == score.average
    assert score.mean_over(["math"]) == score.f1("math")
    assert score.source


def test_applies_to_subsets_of_the_benchmark_only() -> None:
    assert applies_to(["gsm8k", "math"])
    assert not applies_to(["gsm8k", "algebra"])
    assert not applies_to([])
