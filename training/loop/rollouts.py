"""Attempts of a policy: as rows for the importer, as export folders, and their accuracy."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from training.jobs.policy_sampler import Response, SamplingOptions, sample_responses
from training.jobs.prompts import prompt_ids
from training.loop.toy_arithmetic import Problem

Row = dict[str, Any]
BREAK = "\n\n"
MAX_TOKENS = 24  # three steps, their breaks and the end token


class Policy:
    """A trained model, ready to sample.

    `tag` follows the problem if the model expects one. A response has at most `max_tokens` tokens.
    """

    def __init__(self, folder: Path, *, tag: str = "", max_tokens: int = MAX_TOKENS) -> None:
        self.folder = folder
        self.tag = tag
        self.max_tokens = max_tokens
        self.model: torch.nn.Module = AutoModelForCausalLM.from_pretrained(folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)

    def sample(
        self, problems: Sequence[Problem], *, samples: int, temperature: float, seed: int
    ) -> list[list[Response]]:
        """Return `samples` responses per problem."""
        sampling = SamplingOptions(
            temperature=temperature,
            samples=samples,
            max_new_tokens=self.max_tokens,
            batch_size=512,
        )
        prompts = [prompt_ids(self.tokenizer, messages(problem, self.tag)) for problem in problems]
        return sample_responses(self.model, self.tokenizer, prompts, sampling, seed=seed)

    def solved(self, problems: Sequence[Problem]) -> list[bool]:
        """Return for each problem whether the greedy response is correct in every step."""
        groups = self.sample(problems, samples=1, temperature=0.0, seed=0)
        return [
            problem.earliest_error(response_steps(group[0])) == -1
            for group, problem in zip(groups, problems, strict=True)
        ]


def messages(problem: Problem, tag: str = "") -> list[dict[str, str]]:
    """Return the prompt of a problem as a chat."""
    return [{"role": "user", "content": f"{problem.text}\n{tag}" if tag else problem.text}]


def response_steps(response: Response) -> list[str]:
    """Return the steps of a response; at least one, as a trace needs."""
    return [step for step in response.text.split(BREAK) if step] or ["?"]


def trace_row(
    problem: Problem, steps: list[str], *, id: str, generator: str, **metadata: Any
) -> Row:
    """Return a row of the general format; `metadata` is stored with the trace."""
    answer = steps[-1].partition("=")[2]
    return {
        "id": id,
        "problem": problem.text,
        "steps": steps,
        "generator": generator,
        "reference_answer": problem.answer,
        "final_answer": answer,
        "final_answer_correct": answer == problem.answer,
        **metadata,
    }


def rollout_rows(
    problems: Sequence[Problem],
    groups: Sequence[Sequence[Response]],
    *,
    generator: str,
    max_tokens: int = MAX_TOKENS,
) -> list[Row]:
    """Return rows for the importer, with the tokens and log-probabilities of each response."""
    sampling = {"temperature": 1.0, "max_tokens": max_tokens}
    return [
        trace_row(
            problem,
            response_steps(response),
            id=f"{number}-{k}",
            generator=generator,
            sampling=sampling,
            token_ids=response.token_ids,
            logprobs=response.logprobs,
        )
        for number, (problem, group) in enumerate(zip(problems, groups, strict=True))
        for k, response in enumerate(group)
    ]


def write_rollout_export(
    folder: Path, problems: Sequence[Problem], groups: Sequence[Sequence[Response]]
) -> Path:
    """Write an export of the recipe nft-rollouts without the platform, and return its folder.

    Rewards come from the known truth. Groups that are all correct or all wrong are left out.
    """
    rows = [
        _group_row(str(number), problem, group)
        for number, (problem, group) in enumerate(zip(problems, groups, strict=True))
    ]
    folder.mkdir(parents=True)
    data = b"".join(orjson.dumps(row) + b"\n" for row in rows if 0 < row["r_q"] < 1)
    (folder / "train.jsonl").write_bytes(data)
    entry = {
        "split": "train",
        "rows": data.count(b"\n"),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    manifest = {"recipe": "nft-rollouts", "files": {"train.jsonl": entry}}
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    return folder


def _group_row(uid: str, problem: Problem, group: Sequence[Response]) -> Row:
    """Return a row of the recipe nft-rollouts."""
    responses: list[Row] = [
        {
            "text": response.text,
            "token_ids": response.token_ids,
            "old_logprobs": response.logprobs,
            "reward": int(problem.earliest_error(response_steps(response)) == -1),
        }
        for response in group
    ]
    rate = sum(response["reward"] for response in responses) / len(responses)
    return {
        "uid": uid,
        "prompt": messages(problem),
        "r_q": rate,
        "k": len(responses),
        "policy": {"temperature": 1.0},
        "responses": responses,
    }
