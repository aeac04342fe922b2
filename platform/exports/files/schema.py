"""A recipe's columns as Arrow types, as a dataset card's features, and in words."""

from typing import TYPE_CHECKING, Any

from exports.recipes.base import Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_schema(columns: dict[str, Column]) -> "pa.Schema":
    import pyarrow as pa  # a tenth of a second, and the pages do without

    return pa.schema([(name, _arrow(column.kind)) for name, column in columns.items()])


def _arrow(kind: Kind) -> "pa.DataType":
    import pyarrow as pa

    if isinstance(kind, list):
        return pa.list_(_arrow(kind[0]))
    if isinstance(kind, dict):
        return pa.struct([(name, _arrow(inner)) for name, inner in kind.items()])
    return {
        "string": pa.string(),
        "bool": pa.bool_(),
        "int64": pa.int64(),
        "float64": pa.float64(),
    }[kind]


def features(columns: dict[str, Column]) -> list[dict[str, Any]]:
    """Return the columns as the `dataset_info` of a card has them."""
    return [{"name": name, **_feature(column.kind)} for name, column in columns.items()]


def _feature(kind: Kind) -> dict[str, Any]:
    if isinstance(kind, list):
        inner = _feature(kind[0])
        return {"list": inner["dtype"] if set(inner) == {"dtype"} else inner["struct"]}
    if isinstance(kind, dict):
        return {"struct": [{"name": name, **_feature(inner)} for name, inner in kind.items()]}
    return {"dtype": kind}


def describe_type(kind: Kind) -> str:
    """Return the type in words, such as "list of string; {role: string, content: string}"."""
    if isinstance(kind, list):
        return f"list of {describe_type(kind[0])}"
    if isinstance(kind, dict):
        return "{" + ", ".join(f"{n}: {describe_type(inner)}" for n, inner in kind.items()) + "}"
    return kind
