"""A policy's attempts at the problems of a dataset, verified, as rows for the importer.

This is the first half of a round of NFT: sample and verify. Then import, score, export and train.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import TextField, Value
from django.db.models.functions import MD5, Cast, Concat

from exports.recipes.nft_prompts import prompt_of
from traces.models import Dataset, Problem
from traces.segmentation.split import split_steps
from training.answer_check import CHECKERS, extract_answer
from training.jobs.job_settings import Settings
from training.jobs.model_loading import load_language_model, load_tokenizer
from training.jobs.policy_sampler import Response, SamplingOptions, sample_responses
from training.jobs.prompts import prompt_ids

Row = dict[str, Any]
# After each batch the caller can write its rows and show the progress.
BATCH_PROBLEMS = 16
# The step and the answer of an empty response. A trace needs a step, and an attempt that no judge
# can score would be missing from its group.
EMPTY = "(nothing)"


@dataclass(frozen=True, slots=True)
class Policy:
    """A transformers model and tokenizer. `name` and `revision` identify the generator."""

    name: str
    revision: str
    model: Any
    tokenizer: Any


@dataclass(frozen=True, slots=True)
class RolloutOptions:
    """How to attempt and verify problems.

    `instruction` follows each problem, as in the export's prompts. `checker` is a key of CHECKERS.
    The seed determines every token.
    """

    sampling: SamplingOptions
    instruction: str
    checker: str = "math"
    seed: int = 1


def load_policy(base: str, *, revision: str = "", name: str = "") -> Policy:
    """Return the policy of a folder or Hub id. Raises JobError if it can't be loaded."""
    settings = Settings(base=base, revision=revision)
    tokenizer = load_tokenizer(settings)
    return Policy(name or generator_name(base), revision, load_language_model(settings), tokenizer)


def generator_name(base: str) -> str:
    """Return the name of a folder, the run of a trained model's folder, or the Hub id."""
    path = Path(base)
    if not path.is_dir():
        return base
    path = path.resolve()
    return f"run-{path.parent.name}" if path.name == "model" else path.name


def verifiable_problems(
    dataset: Dataset, *, subset: str, limit: int | None, seed: int
) -> list[Problem]:
    """Return the problems with a reference answer, at most `limit`, sampled by the seed."""
    problems = Problem.objects.filter(dataset=dataset).exclude(reference_answer=None)
    problems = problems.exclude(reference_answer="")
    if subset:
        problems = problems.filter(subset=subset)
    key = Concat(Cast("content_hash", TextField()), Value(f":{seed}"), output_field=TextField())
    ordered = problems.annotate(draw=MD5(key)).order_by("draw", "pk")
    return list(ordered if limit is None else ordered[:limit])


def attempt_problems(
    policy: Policy, problems: Sequence[Problem], options: RolloutOptions
) -> Iterator[list[Row]]:
    """Yield the rows of each problem's attempts, in order."""
    for start in range(0, len(problems), BATCH_PROBLEMS):
        batch = problems[start : start + BATCH_PROBLEMS]
        prompts = [
            prompt_ids(policy.tokenizer, prompt_of(problem.text, options.instruction))
            for problem in batch
        ]
        seed = options.seed * 1_000_003 + start
        groups = sample_responses(
            policy.model, policy.tokenizer, prompts, options.sampling, seed=seed
        )
        for problem, group in zip(batch, groups, strict=True):
            yield [
                _row(policy, problem, response, options, number)
                for number, response in enumerate(group)
            ]


def _row(
    policy: Policy, problem: Problem, response: Response, options: RolloutOptions, number: int
) -> Row:
    """Return a row of the general format; its other fields are stored with the trace."""
    answer = problem.reference_answer or ""
    sampling = options.sampling
    return {
        "id": f"{problem.content_hash}-{options.seed}-{number}",
        "problem": problem.text,
        "subset": problem.subset,
        "reference_answer": answer,
        "reference_solution": problem.reference_solution,
        "steps": split_steps(response.text, "blank-line") if response.text.strip() else [EMPTY],
        "generator": policy.name,
        "generator_revision": policy.revision,
        "final_answer": extract_answer(response.text) or EMPTY,
        "final_answer_correct": CHECKERS[options.checker](response.text, answer),
        "sampling": {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_new_tokens,
        },
        "token_ids": response.token_ids,
        "logprobs": response.logprobs,
        "finished": response.finished,
    }
