"""What a policy makes of problems: attempts as rows for the importer, and the accuracy of its best.

`write_folder` makes an export of rollouts without the platform, for the later rounds of a policy
that learns from itself.
"""

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
LONGEST = 24  # tokens: three steps, their breaks and the end


class Policy:
    """A trained folder, ready to be asked. `tag` follows the problem where one is expected, and a
    response has `longest` tokens at most."""

    def __init__(self, folder: Path, *, tag: str = "", longest: int = LONGEST) -> None:
        self.folder = folder
        self.tag = tag
        self.longest = longest
        self.model: torch.nn.Module = AutoModelForCausalLM.from_pretrained(folder)
        self.tokenizer = AutoTokenizer.from_pretrained(folder)

    def attempts(
        self, problems: Sequence[Problem], *, samples: int, temperature: float, seed: int
    ) -> list[list[Response]]:
        sampling = SamplingOptions(
            temperature=temperature, samples=samples, max_new_tokens=self.longest, batch_size=512
        )
        prompts = [prompt_ids(self.tokenizer, messages(problem, self.tag)) for problem in problems]
        return sample_responses(self.model, self.tokenizer, prompts, sampling, seed=seed)

    def solved(self, problems: Sequence[Problem]) -> list[bool]:
        """Whether its likeliest attempt is right in every step."""
        attempts = self.attempts(problems, samples=1, temperature=0.0, seed=0)
        return [
            problem.earliest_error(steps_of(group[0])) == -1
            for group, problem in zip(attempts, problems, strict=True)
        ]


def messages(problem: Problem, tag: str = "") -> list[dict[str, str]]:
    return [{"role": "user", "content": f"{problem.text}\n{tag}" if tag else problem.text}]


def steps_of(response: Response) -> list[str]:
    """What stands between the breaks; a trace has one step at least."""
    return [step for step in response.text.split(BREAK) if step] or ["?"]


def trace_row(problem: Problem, steps: list[str], *, id: str, generator: str, **more: Any) -> Row:
    """A row of the general format; `more` stays with the trace as its metadata."""
    answer = steps[-1].partition("=")[2]
    return {
        "id": id,
        "problem": problem.text,
        "steps": steps,
        "generator": generator,
        "reference_answer": problem.answer,
        "final_answer": answer,
        "final_answer_correct": answer == problem.answer,
        **more,
    }


def rollout_rows(
    problems: Sequence[Problem],
    attempts: Sequence[Sequence[Response]],
    *,
    generator: str,
    longest: int = LONGEST,
) -> list[Row]:
    """Attempts for the importer, with the tokens and probabilities that they were made with."""
    sampling = {"temperature": 1.0, "max_tokens": longest}
    return [
        trace_row(
            problem,
            steps_of(response),
            id=f"{number}-{k}",
            generator=generator,
            sampling=sampling,
            token_ids=response.token_ids,
            logprobs=response.logprobs,
        )
        for number, (problem, group) in enumerate(zip(problems, attempts, strict=True))
        for k, response in enumerate(group)
    ]


def write_folder(
    folder: Path, problems: Sequence[Problem], attempts: Sequence[Sequence[Response]]
) -> Path:
    """A folder of the recipe nft-rollouts, as an export has it, verified by the truth."""
    rows = []
    for number, (problem, group) in enumerate(zip(problems, attempts, strict=True)):
        responses: list[Row] = [
            {
                "text": response.text,
                "token_ids": response.token_ids,
                "old_logprobs": response.logprobs,
                "reward": int(problem.earliest_error(steps_of(response)) == -1),
            }
            for response in group
        ]
        rate = sum(response["reward"] for response in responses) / len(responses)
        row = {"uid": str(number), "prompt": messages(problem), "r_q": rate, "k": len(responses)}
        rows.append({**row, "policy": {"temperature": 1.0}, "responses": responses})
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
