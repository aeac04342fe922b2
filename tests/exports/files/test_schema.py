"""A recipe's columns as Arrow types, card features and words."""

import pyarrow as pa
import pytest

from exports.files.schema import arrow_schema, describe_type, features
from exports.recipes.base import Column, Kind

MESSAGES: Kind = [{"role": "string", "content": "string"}]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("int64", "int64"),
        (["string"], "list of string"),
        ([["bool"]], "list of list of bool"),
        (MESSAGES, "list of {role: string, content: string}"),
    ],
)
def test_types_are_described_in_words(kind: Kind, words: str):
    assert describe_type(kind) == words


def test_the_arrow_schema_has_the_columns_in_order():
    schema = arrow_schema(
        {"n": Column("int64", "a number"), "messages": Column(MESSAGES, "a chat")}
    )
    assert schema.names == ["n", "messages"]
    assert schema.field("n").type == pa.int64()
    struct = pa.struct([("role", pa.string()), ("content", pa.string())])
    assert schema.field("messages").type == pa.list_(struct)


def test_card_features_name_lists_of_values_and_of_objects():
    (texts, messages, label) = features(
        {
            "texts": Column(["string"], ""),
            "messages": Column(MESSAGES, ""),
            "label": Column("int64", ""),
        }
    )
    assert texts == {"name": "texts", "list": "string"}
    assert messages["list"] == [
        {"name": "role", "dtype": "string"},
        {"name": "content", "dtype": "string"},
    ]
    assert label == {"name": "label", "dtype": "int64"}
