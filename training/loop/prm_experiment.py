"""A small PRM whose errors are the policy's own, against both floors and the policy's likelihood.

The base policy's attempts are reviewed by the truth and exported; the PRM starts from the policy
itself. On other problems' attempts it names the first error by its scores, as a scorer of the
platform does; the policy's own log-likelihood of each step does it too, with a threshold from the
same labelled attempts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.backends import load
from inference.backends.interface import Recipe, TraceText
from metrics.stats.baselines import LabelCount, baselines
from metrics.stats.processbench import score
from training.jobs.examples import IGNORE, Example
from training.jobs.nft import labelled_logprobs
from training.jobs.policy_sampler import Response
from training.loop.experiment import Seed
from training.loop.rollouts import BREAK, Policy, rollout_rows, steps_of
from training.loop.toy_arithmetic import Sum

SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Attempt:
    """One trace of the policy. `label` is the earliest error, -1 for none."""

    problem: Sum
    steps: list[str]
    label: int

    @property
    def answered(self) -> bool:
        return self.steps[-1].partition("=")[2] == self.problem.answer


def compare(seed: Seed, base: Path) -> None:
    policy = Policy(base)
    known = seed.problems(seed.sizes.prm_problems, 90)
    groups = policy.attempts(known, samples=SAMPLES, temperature=1.0, seed=seed.number)
    export = seed.exported(
        "reviewed",
        rollout_rows(known, groups, generator="base"),
        "prm",
        after_first_error="left-out",
    )
    model = seed.train(
        "prm", "prm", export, base, steps=seed.sizes.prm_steps, batch_size=32, learning_rate=1e-3
    )
    others = seed.held_out
    unseen = _attempts(policy, others, samples=1, seed=seed.number + 1)
    labels = [attempt.label for attempt in unseen]
    labelled = _labelled(known, groups)
    found = {
        "PRM": _first_below(prm_scores(model, unseen), 0.5),
        "policy's likelihood": _thresholded(
            [attempt.label for attempt in labelled],
            _step_likelihoods(policy, labelled),
            _step_likelihoods(policy, unseen),
        ),
    }
    counts = Counter((attempt.label, attempt.answered) for attempt in unseen)
    floor = baselines(LabelCount(label, right, n) for (label, right), n in counts.items())
    seed.figures["floor: best constant"] = floor.constant
    seed.figures["floor: knows the final answer"] = floor.final_answer
    seed.figures["labels"] = labels
    seed.figures["found"] = found
    for name, predictions in found.items():
        seed.figures[f"F1: {name}"] = score(zip(labels, predictions, strict=True)).f1


def prm_scores(model: Path, attempts: Sequence[Attempt]) -> list[list[float]]:
    """By the platform's own backend for such models, each step's chance of being right."""
    backend = load(Recipe("trl-prm", str(model), threshold=0.5))
    findings = backend.judge([TraceText(a.problem.text, a.steps) for a in attempts])
    return [list(finding.scores or []) for finding in findings]


def _thresholded(
    labels: Sequence[int], known: Sequence[list[float]], unseen: Sequence[list[float]]
) -> list[int]:
    """A step below the threshold is wrong; the threshold is the best on the labelled attempts."""
    candidates = sorted({round(value, 1) for row in known for value in row})

    def quality(threshold: float) -> float:
        return score(zip(labels, _first_below(known, threshold), strict=True)).f1 or 0.0

    return _first_below(unseen, max(candidates, key=quality))


def _step_likelihoods(policy: Policy, attempts: Sequence[Attempt]) -> list[list[float]]:
    """The log-probability that the policy gives each step after those before it."""
    examples, lengths = [], []
    for attempt in attempts:
        ids = list(policy.tokenizer.encode(attempt.problem.text + "\n"))
        labels = [IGNORE] * len(ids)
        steps = [policy.tokenizer.encode(BREAK * (n > 0) + s) for n, s in enumerate(attempt.steps)]
        for step in steps:
            ids += step
            labels += step
        examples.append(Example(ids, labels))
        lengths.append([len(step) for step in steps])
    pad = policy.tokenizer.pad_token_id
    found = labelled_logprobs(policy.model, examples, pad=pad, temperature=1.0)
    return [_sums(values, sizes) for values, sizes in zip(found, lengths, strict=True)]


def _sums(values: list[float], sizes: list[int]) -> list[float]:
    sums, start = [], 0
    for size in sizes:
        sums.append(sum(values[start : start + size]))
        start += size
    return sums


def _first_below(scores: Sequence[Sequence[float]], threshold: float) -> list[int]:
    return [
        next((place for place, value in enumerate(row) if value < threshold), -1) for row in scores
    ]


def _attempts(policy: Policy, problems: Sequence[Sum], *, samples: int, seed: int) -> list[Attempt]:
    groups = policy.attempts(problems, samples=samples, temperature=1.0, seed=seed)
    return _labelled(problems, groups)


def _labelled(problems: Sequence[Sum], groups: Sequence[Sequence[Response]]) -> list[Attempt]:
    return [
        Attempt(problem, steps, problem.earliest_error(steps))
        for problem, group in zip(problems, groups, strict=True)
        for steps in map(steps_of, group)
    ]
