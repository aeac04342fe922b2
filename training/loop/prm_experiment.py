"""A small PRM for the policy's own errors, against both baselines and the policy's likelihood.

The base policy's attempts are reviewed with the truth and exported. The PRM starts from the policy
itself. On attempts at other problems it names the first error by its scores, as a scorer of the
platform does. The policy's log-likelihood of each step does the same, with a threshold tuned on the
labelled attempts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.backends import load_backend
from inference.backends.interface import Recipe, TraceText
from metrics.stats.baselines import LabelCount, baselines
from metrics.stats.processbench import score
from training.jobs.batches import IGNORE, Example
from training.jobs.nft import labelled_logprobs
from training.jobs.policy_sampler import Response
from training.loop.experiment import SeedRun
from training.loop.rollouts import BREAK, Policy, response_steps, rollout_rows
from training.loop.toy_arithmetic import ArithmeticChain

SAMPLES = 4
PRM, LIKELIHOOD = "PRM", "policy's likelihood"


@dataclass(frozen=True, slots=True)
class LabelledAttempt:
    """An attempt of the policy. `label` is the earliest error, -1 for none."""

    problem: ArithmeticChain
    steps: list[str]
    label: int

    @property
    def is_answer_correct(self) -> bool:
        return self.steps[-1].partition("=")[2] == self.problem.answer


def compare(seed: SeedRun, base: Path) -> None:
    """Train the PRM and record its F1 with those of the likelihood and the baselines."""
    policy = Policy(base)
    problems = seed.problems(seed.sizes.prm_problems, 90)
    groups = policy.sample(problems, samples=SAMPLES, temperature=1.0, seed=seed.number)
    export = seed.export(
        "reviewed",
        rollout_rows(problems, groups, generator="base"),
        "prm",
        after_first_error="left-out",
    )
    model = seed.train(
        "prm", "prm", export, base, steps=seed.sizes.prm_steps, batch_size=32, learning_rate=1e-3
    )
    held_out = seed.held_out
    test = _label_attempts(
        held_out, policy.sample(held_out, samples=1, temperature=1.0, seed=seed.number + 1)
    )
    training = _label_attempts(problems, groups)
    predictions = {
        PRM: first_below(prm_scores(model, test), 0.5),
        LIKELIHOOD: tune_threshold(
            [attempt.label for attempt in training],
            step_likelihoods(policy, training),
            step_likelihoods(policy, test),
        ),
    }
    _record(seed, test, predictions)


def _record(
    seed: SeedRun, test: Sequence[LabelledAttempt], predictions: dict[str, list[int]]
) -> None:
    labels = [attempt.label for attempt in test]
    counts = Counter((attempt.label, attempt.is_answer_correct) for attempt in test)
    scores = baselines(LabelCount(label, correct, n) for (label, correct), n in counts.items())
    seed.figures["baseline: best constant answer"] = scores.constant
    seed.figures["baseline: final answer only"] = scores.final_answer
    seed.figures["labels"] = labels
    seed.figures["predictions"] = predictions
    for name, predicted in predictions.items():
        seed.figures[f"F1: {name}"] = score(zip(labels, predicted, strict=True)).f1


def prm_scores(model: Path, attempts: Sequence[LabelledAttempt]) -> list[list[float]]:
    """Return the scores of each attempt's steps, from the platform's own backend."""
    backend = load_backend(Recipe("trl-prm", str(model), threshold=0.5))
    findings = backend.judge([TraceText(a.problem.text, a.steps) for a in attempts])
    return [list(finding.scores or []) for finding in findings]


def tune_threshold(
    labels: Sequence[int],
    training_scores: Sequence[list[float]],
    test_scores: Sequence[list[float]],
) -> list[int]:
    """Return the test predictions at the threshold with the best F1 on the training attempts."""
    candidates = sorted({round(value, 1) for row in training_scores for value in row})

    def f1(threshold: float) -> float:
        predictions = first_below(training_scores, threshold)
        return score(zip(labels, predictions, strict=True)).f1 or 0.0

    return first_below(test_scores, max(candidates, key=f1))


def step_likelihoods(policy: Policy, attempts: Sequence[LabelledAttempt]) -> list[list[float]]:
    """Return the policy's log-probability of each step after the steps before it."""
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
    logprobs = labelled_logprobs(policy.model, examples, pad=pad, temperature=1.0)
    return [_segment_sums(values, sizes) for values, sizes in zip(logprobs, lengths, strict=True)]


def first_below(scores: Sequence[Sequence[float]], threshold: float) -> list[int]:
    """Return the index of the first score below the threshold in each row, -1 for none."""
    return [
        next((index for index, value in enumerate(row) if value < threshold), -1) for row in scores
    ]


def _segment_sums(values: list[float], sizes: list[int]) -> list[float]:
    sums, start = [], 0
    for size in sizes:
        sums.append(sum(values[start : start + size]))
        start += size
    return sums


def _label_attempts(
    problems: Sequence[ArithmeticChain], groups: Sequence[Sequence[Response]]
) -> list[LabelledAttempt]:
    return [
        LabelledAttempt(problem, steps, problem.earliest_error(steps))
        for problem, group in zip(problems, groups, strict=True)
        for steps in map(response_steps, group)
    ]
