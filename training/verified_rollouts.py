"""A policy's own attempts at a dataset's problems, verified, as rows for the importer.

The first half of a round of NFT: sample and verify here, then import, judge, export and train.
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
from training.answer_check import CHECKERS, final_answer
from training.jobs.job_settings import Settings
from training.jobs.model_loading import load_language_model, load_tokenizer
from training.jobs.policy_sampler import Response, SamplingOptions, sample_responses
from training.jobs.prompts import prompt_ids

Row = dict[str, Any]
# Of problems: after each, what was written can be followed.
AT_ONCE = 16
# What stands for the step and the answer of a response that says nothing: a trace has one step at
# least, and an attempt that no judge could judge would be missing from its group.
SILENCE = "(nothing)"


@dataclass(frozen=True, slots=True)
class Policy:
    """A language model and tokenizer of transformers. `name` and `revision` are its traces'
    generator."""

    name: str
    revision: str
    model: Any
    tokenizer: Any


@dataclass(frozen=True, slots=True)
class Asking:
    """`instruction` follows each problem, as it does in the export's prompts; `checker` is a key of
    CHECKERS; the seed decides every token."""

    sampling: SamplingOptions
    instruction: str
    checker: str = "math"
    seed: int = 1


def load_policy(base: str, *, revision: str = "", name: str = "") -> Policy:
    """Raises JobError for a folder or id that can't be loaded."""
    settings = Settings(base=base, revision=revision)
    tokenizer = load_tokenizer(settings)
    return Policy(name or name_of(base), revision, load_language_model(settings), tokenizer)


def name_of(base: str) -> str:
    """A folder's own name, or the id; a run's folder for the model that it left."""
    path = Path(base)
    if not path.is_dir():
        return base
    path = path.resolve()
    return f"run-{path.parent.name}" if path.name == "model" else path.name


def askable(dataset: Dataset, *, subset: str, most: int | None, seed: int) -> list[Problem]:
    """The problems with a reference answer; of more than `most`, those that the seed draws."""
    problems = Problem.objects.filter(dataset=dataset).exclude(reference_answer=None)
    problems = problems.exclude(reference_answer="")
    if subset:
        problems = problems.filter(subset=subset)
    key = Concat(Cast("content_hash", TextField()), Value(f":{seed}"), output_field=TextField())
    ordered = problems.annotate(draw=MD5(key)).order_by("draw", "pk")
    return list(ordered if most is None else ordered[:most])


def attempts(policy: Policy, problems: Sequence[Problem], asking: Asking) -> Iterator[list[Row]]:
    """The rows of each problem's attempts, in order."""
    for start in range(0, len(problems), AT_ONCE):
        part = problems[start : start + AT_ONCE]
        prompts = [
            prompt_ids(policy.tokenizer, prompt_of(problem.text, asking.instruction))
            for problem in part
        ]
        seed = asking.seed * 1_000_003 + start
        groups = sample_responses(
            policy.model, policy.tokenizer, prompts, asking.sampling, seed=seed
        )
        for problem, group in zip(part, groups, strict=True):
            yield [
                _row(policy, problem, response, asking, number)
                for number, response in enumerate(group)
            ]


def _row(policy: Policy, problem: Problem, response: Response, asking: Asking, number: int) -> Row:
    """A row of the general format; what it has no field for stays with the trace."""
    answer = problem.reference_answer or ""
    sampling = asking.sampling
    return {
        "id": f"{problem.content_hash}-{asking.seed}-{number}",
        "problem": problem.text,
        "subset": problem.subset,
        "reference_answer": answer,
        "reference_solution": problem.reference_solution,
        "steps": split_steps(response.text, "blank-line") if response.text.strip() else [SILENCE],
        "generator": policy.name,
        "generator_revision": policy.revision,
        "final_answer": final_answer(response.text) or SILENCE,
        "final_answer_correct": CHECKERS[asking.checker](response.text, answer),
        "sampling": {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "max_tokens": sampling.max_new_tokens,
        },
        "token_ids": response.token_ids,
        "logprobs": response.logprobs,
        "finished": response.finished,
    }
