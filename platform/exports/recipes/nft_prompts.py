"""NFT prompts: the Parquet file that verl reads (arXiv 2505.18116, DAPO-Math-17k's columns).

verl chooses the scorer by `data_source` and raises on an unknown name, so the name is one that
NFT's verifier has. A problem without a reference answer cannot be scored and is left out.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exports.recipes.base import Column, Made, Recipe
from exports.recipes.labelled_trace import LabelledTrace

BOXED = "Please reason step by step, and put your final answer within \\boxed{}."
DATA_SOURCES = Literal[
    "math_dapo_boxed", "math_dapo", "math500", "olympiadbench", "minerva_math",
    "lighteval/MATH", "openai/gsm8k",
]  # fmt: skip


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    data_source: Annotated[
        DATA_SOURCES, Meta(description="Name with which verl chooses the scorer")
    ] = "math_dapo_boxed"
    instruction: Annotated[str, Meta(description="Instruction after the problem")] = BOXED
    ability: Annotated[str, Meta(description="verl's ability column")] = "MATH"


def rows(traces: list[LabelledTrace], options: Options) -> Iterable[Made]:
    first = traces[0]
    if not first.reference_answer:
        return
    row = {
        "data_source": options.data_source,
        "prompt": prompt_of(first.problem, options.instruction),
        "ability": options.ability,
        "reward_model": {"ground_truth": first.reference_answer, "style": "rule"},
        "extra_info": {
            "index": first.problem_id,
            "split": first.split,
            "trace_ids": [trace.trace_id for trace in traces],
        },
    }
    yield row, tuple(traces)


def prompt_of(problem: str, instruction: str) -> list[dict[str, str]]:
    content = f"{problem}\n\n{instruction}" if instruction else problem
    return [{"role": "user", "content": content}]


RECIPE = Recipe(
    name="nft-prompts",
    title="NFT prompts (verl)",
    description="One problem per row in verl's columns, for online sampling and scoring.",
    columns={
        "data_source": Column("string", "name with which verl chooses the scorer"),
        "prompt": Column([{"role": "string", "content": "string"}], "the problem as a chat"),
        "ability": Column("string", "type of problem"),
        "reward_model": Column(
            {"ground_truth": "string", "style": "string"},
            "the reference answer, for rule-based scoring",
        ),
        "extra_info": Column(
            {"index": "int64", "split": "string", "trace_ids": ["int64"]},
            "number of the problem in Misstep, its split and the traces that selected it",
        ),
    },
    rows=rows,
    options=Options,
    reads=frozenset({"reference_answer"}),
    file_format="parquet",
)
