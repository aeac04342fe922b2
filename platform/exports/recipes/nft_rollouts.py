"""NFT rollouts: a policy's attempts at a problem with binary rewards (2505.18116).

A row is one policy at one problem: the same generator, revision and sampling settings. `r_q` is the
mean reward over all its k attempts, equal or not. A group that is all right or
all wrong teaches NFT nothing (its code asserts 0 < r_q < 1): it is left out, or kept and flagged.
Token ids and the old policy's log-probabilities are read from the trace's metadata, where the
sampler put them; else both are null and the trainer computes them.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
import orjson
from msgspec import Meta

from exports.recipes.base import STEP_BREAK, Column, Made, Recipe, Row
from exports.recipes.labelled_trace import LabelledTrace
from exports.recipes.nft_prompts import BOXED, DATA_SOURCES, prompt_of

Policy = tuple[str, str, bytes]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reward: Annotated[
        Literal["process", "answer", "both"],
        Meta(description="Rewarded: no wrong step, a right final answer, or only both together"),
    ] = "process"
    uniform_groups: Annotated[
        Literal["left-out", "flagged"],
        Meta(description="Groups that are all correct or all wrong"),
    ] = "left-out"
    least_rollouts: Annotated[int, Meta(ge=1, description="Minimum attempts per group")] = 2
    data_source: Annotated[
        DATA_SOURCES, Meta(description="Name with which verl chooses the scorer")
    ] = "math_dapo_boxed"
    instruction: Annotated[str, Meta(description="Instruction after the problem")] = BOXED


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    groups: dict[Policy, list[LabelledTrace]] = {}
    for trace in traces:
        if options.reward == "process" or trace.final_answer_correct is not None:
            groups.setdefault(_policy_key(trace), []).append(trace)
    for number, group in enumerate(groups.values()):
        responses = [_response(trace, options) for trace in group]
        rate = sum(response["reward"] for response in responses) / len(group)
        is_uniform = rate in (0.0, 1.0)
        if len(group) < options.least_rollouts:
            continue
        if is_uniform and options.uniform_groups == "left-out":
            continue
        row = {"uid": f"{group[0].problem_id}-{number}", **_row(group[0], responses, rate, options)}
        yield row, tuple(group)


def _row(first: LabelledTrace, responses: list[Row], rate: float, options: Options) -> Row:
    return {
        "prompt": prompt_of(first.problem, options.instruction),
        "data_source": options.data_source,
        "ground_truth": first.reference_answer,
        "policy": _policy(first),
        "r_q": rate,
        "k": len(responses),
        "is_uniform": rate in (0.0, 1.0),
        "responses": responses,
    }


def _policy_key(trace: LabelledTrace) -> Policy:
    sampling = orjson.dumps(_sampling(trace), option=orjson.OPT_SORT_KEYS)
    return trace.generator, trace.generator_revision, sampling


def _policy(trace: LabelledTrace) -> Row:
    sampling = _sampling(trace)
    return {
        "model": trace.generator,
        "revision": trace.generator_revision,
        "tokenizer": _text(sampling.get("tokenizer")),
        "temperature": _number(sampling.get("temperature")),
        "top_p": _number(sampling.get("top_p")),
        "top_k": _whole(sampling.get("top_k")),
        "max_tokens": _whole(sampling.get("max_tokens")),
    }


def _response(trace: LabelledTrace, options: Options) -> Row:
    by_answer = trace.final_answer_correct is True
    reward = {
        "process": trace.is_right,
        "answer": by_answer,
        "both": trace.is_right and by_answer,
    }[options.reward]
    token_ids, logprobs = _tokens(trace)
    return {
        "text": STEP_BREAK.join(trace.steps),
        "token_ids": token_ids,
        "old_logprobs": logprobs,
        "reward": int(reward),
        "reward_source": "rule" if options.reward == "answer" else trace.judge_kind,
        "first_error_step": trace.earliest_error,
        "trace_id": trace.trace_id,
        "verdict_id": trace.verdict_id,
    }


def _tokens(trace: LabelledTrace) -> tuple[list[int] | None, list[float] | None]:
    """Return the response's tokens and log-probabilities, the latter only if they fit."""
    token_ids: Any = trace.metadata.get("token_ids")
    logprobs: Any = trace.metadata.get("logprobs")
    if not _is_list_of(token_ids, int):
        return None, None
    if not _is_list_of(logprobs, int, float) or len(logprobs) != len(token_ids):
        return token_ids, None
    return token_ids, [float(value) for value in logprobs]


def _sampling(trace: LabelledTrace) -> dict[str, Any]:
    sampling = trace.metadata.get("sampling")
    return sampling if isinstance(sampling, dict) else {}


def _is_list_of(value: Any, *kinds: type) -> bool:
    return isinstance(value, list) and all(type(entry) in kinds for entry in value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) else None


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None


_RESPONSE = {
    "text": "string",
    "token_ids": ["int64"],
    "old_logprobs": ["float64"],
    "reward": "int64",
    "reward_source": "string",
    "first_error_step": "int64",
    "trace_id": "int64",
    "verdict_id": "int64",
}
_POLICY = {
    "model": "string",
    "revision": "string",
    "tokenizer": "string",
    "temperature": "float64",
    "top_p": "float64",
    "top_k": "int64",
    "max_tokens": "int64",
}

RECIPE = Recipe(
    name="nft-rollouts",
    title="NFT rollouts",
    description="A policy's attempts at a problem with rewards 0 and 1, for offline NFT.",
    columns={
        "uid": Column("string", "ID of the group"),
        "prompt": Column([{"role": "string", "content": "string"}], "the problem as a chat"),
        "data_source": Column("string", "name with which verl chooses the scorer"),
        "ground_truth": Column("string", "the reference answer, if known"),
        "policy": Column(_POLICY, "policy and sampling parameters; null if not recorded"),
        "r_q": Column("float64", "the mean reward over the group's attempts"),
        "k": Column("int64", "number of attempts in the group"),
        "is_uniform": Column("bool", "whether all attempts are correct or all are wrong"),
        "responses": Column(
            [_RESPONSE],
            "the attempts: the text, its tokens and the policy's log-probabilities at its "
            "temperature where known, the reward, whose it is, the first wrong step (-1 for none)",
        ),
    },
    rows=rows,
    options=Options,
    reads=frozenset(
        {"generator", "generator_revision", "reference_answer", "judge_kind", "metadata"}
    ),
    keeps_copies=True,
)
