"""ProcessBench F1 figures published by others, shown next to those measured here.

They are for the benchmark's four complete subsets of 400, 1,000, 1,000 and 1,000 traces, measured
by their authors with their own prompts, votes and thresholds, and rounded by them to one decimal.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.stats.processbench import mean_f1

SUBSETS = ("gsm8k", "math", "olympiadbench", "omnimath")
PAPER = "arXiv 2412.06559, table 3"
QWEN = "arXiv 2501.07301"
GENPRM = "arXiv 2504.00891"


@dataclass(frozen=True, slots=True)
class PublishedScore:
    """F1 in percent of the four subsets, in the order of `SUBSETS`, and the printed average."""

    name: str
    kind: str
    f1s: tuple[float, float, float, float]
    average: float
    source: str

    def f1(self, subset: str) -> float:
        return self.f1s[SUBSETS.index(subset)]

    def mean_over(self, subsets: Iterable[str]) -> float | None:
        """Return the printed average for all four subsets, else the printed figures' mean."""
        chosen = set(subsets)
        if chosen == set(SUBSETS):
            return self.average
        return mean_f1(self.f1(subset) for subset in SUBSETS if subset in chosen)


def applies_to(subsets: Iterable[str]) -> bool:
    """Return whether the figures are comparable with a leaderboard of these subsets."""
    names = set(subsets)
    return bool(names) and names <= set(SUBSETS)


PUBLISHED = [
    PublishedScore("o1-mini", "critic", (93.2, 88.9, 87.2, 82.4), 87.9, PAPER),
    PublishedScore("GenPRM-32B, 8 votes", "critic", (85.1, 86.3, 78.9, 80.1), 82.6, GENPRM),
    PublishedScore("GenPRM-7B, 8 votes", "critic", (81.0, 85.7, 78.4, 76.8), 80.5, GENPRM),
    PublishedScore("Qwen2.5-Math-PRM-72B", "PRM", (87.3, 80.6, 74.3, 71.1), 78.3, QWEN),
    PublishedScore("Qwen2.5-Math-PRM-7B", "PRM", (82.4, 77.6, 67.5, 66.3), 73.5, QWEN),
    PublishedScore("QwQ-32B-Preview, 8 votes", "critic", (88.0, 78.7, 57.8, 61.3), 71.5, PAPER),
    PublishedScore("GPT-4o-0806", "critic", (79.2, 63.6, 51.4, 53.5), 61.9, PAPER),
    PublishedScore(
        "Qwen2.5-72B-Instruct, 8 votes", "critic", (76.2, 61.8, 54.6, 52.2), 61.2, PAPER
    ),
    PublishedScore("GenPRM-1.5B", "critic", (52.8, 66.6, 55.1, 54.5), 57.3, GENPRM),
    PublishedScore("Qwen2.5-Math-7B-PRM800K", "PRM", (68.2, 62.6, 50.7, 44.3), 56.5, PAPER),
    PublishedScore("Skywork-PRM-7B", "PRM", (70.8, 53.6, 22.9, 21.0), 42.1, PAPER),
    PublishedScore("Skywork-PRM-1.5B", "PRM", (59.0, 48.0, 19.3, 19.2), 36.4, PAPER),
    PublishedScore("Qwen2.5-7B-Instruct, 8 votes", "critic", (36.5, 36.6, 29.7, 27.4), 32.6, PAPER),
    PublishedScore("Math-Shepherd-PRM-7B", "PRM", (47.9, 29.5, 24.8, 23.8), 31.5, PAPER),
    PublishedScore("RLHFlow-PRM-Mistral-8B", "PRM", (50.4, 33.4, 13.8, 15.8), 28.4, PAPER),
    PublishedScore("RLHFlow-PRM-Deepseek-8B", "PRM", (38.8, 33.8, 16.9, 16.9), 26.6, PAPER),
]
