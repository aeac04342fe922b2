"""The dataset card: what the folder holds, and which file is which split for `datasets`."""

import json
from typing import Any

import msgspec

from exports.files.schema import describe_type, features
from exports.recipes.base import Column, Recipe


def dataset_card(recipe: Recipe, options: msgspec.Struct, manifest: dict[str, Any]) -> str:
    """Return a README.md with a head for the datasets library and a body for people."""
    described = recipe.columns_for(options)
    sources = ", ".join(f"{count} {kind}" for kind, count in manifest["label_sources"].items())
    columns = "\n".join(
        f"| `{name}` | {describe_type(column.kind)} | {column.meaning} |"
        for name, column in described.items()
    )
    splits = "\n".join(f"- {name}: {rows} rows" for name, rows in manifest["splits"].items())
    return (
        f"{_head(described, manifest)}"
        f"# {manifest['dataset']}: {recipe.title}\n\n"
        f"{recipe.description}\n\n"
        f"{manifest['rows']} rows from {manifest['traces']} traces of {manifest['problems']} "
        f"problems; labels: {sources or 'none'}.\n\n"
        f"{splits}\n\n"
        "`manifest.json` has the rule, the judges and the hash of every file; `lineage/` has, for "
        "each row, the traces and verdicts that it rests on.\n\n"
        f"## Columns\n\n| column | type | meaning |\n|---|---|---|\n{columns}\n"
    )


def _head(columns: dict[str, Column], manifest: dict[str, Any]) -> str:
    """Return splits, files and types in YAML, written as JSON, which quotes what needs it."""
    if not manifest["files"]:
        return ""
    names: dict[str, list[str]] = {}
    for name, file in manifest["files"].items():
        names.setdefault(file["split"], []).append(name)
    files = [{"split": split, "path": paths} for split, paths in names.items()]
    fields = features(columns)
    return (
        "---\n"
        f"configs: {json.dumps([{'config_name': 'default', 'data_files': files}])}\n"
        f"dataset_info: {json.dumps({'features': fields})}\n"
        "---\n"
    )
