from typing import get_args

import pyarrow as pa
import pytest

from exports.errors import RuleError
from exports.files.schema import arrow_schema
from exports.recipes.nft_prompts import DATA_SOURCES, RECIPE
from tests.exports.recipes.attempts import made, right, wrong

# As verl reads it: prompt_key "prompt", reward_fn_key "data_source".
CONTRACT = pa.schema(
    [
        ("data_source", pa.string()),
        ("prompt", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
        ("ability", pa.string()),
        ("reward_model", pa.struct([("ground_truth", pa.string()), ("style", pa.string())])),
        (
            "extra_info",
            pa.struct(
                [
                    ("index", pa.int64()),
                    ("split", pa.string()),
                    ("trace_ids", pa.list_(pa.int64())),
                ]
            ),
        ),
    ]
)


def test_columns_are_verls():
    assert arrow_schema(RECIPE.columns).equals(CONTRACT)
    assert RECIPE.file_format == "parquet"


def test_a_problem_is_one_row_with_its_traces():
    good, bad = right(), wrong()
    (row,) = made("nft-prompts", good, bad, instruction="Box it.")
    assert row["prompt"] == [{"role": "user", "content": f"{good.problem}\n\nBox it."}]
    assert row["reward_model"] == {"ground_truth": "14", "style": "rule"}
    assert row["data_source"] in get_args(DATA_SOURCES)
    assert row["extra_info"] == {
        "index": good.problem_id,
        "split": "train",
        "trace_ids": [good.trace_id, bad.trace_id],
    }


def test_a_problem_without_an_answer_can_not_be_scored():
    assert made("nft-prompts", right(reference_answer=None)) == []


def test_a_scorer_that_verl_does_not_have_is_refused():
    with pytest.raises(RuleError, match="data_source: Invalid enum value 'mine'"):
        made("nft-prompts", right(), data_source="mine")
