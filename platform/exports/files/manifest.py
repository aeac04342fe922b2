"""The manifest: what an export holds and how it was made.

It names nothing that differs between two exports by one rule of the same data: no number, no time.
"""

from importlib.metadata import version
from typing import Any

import msgspec

from exports.files.layout import Layout
from exports.files.rows import HashedFile
from exports.files.schema import describe_type
from exports.files.split_writer import WrittenFile
from exports.recipes.base import Recipe

MANIFEST = "manifest.json"

Manifest = dict[str, Any]


def manifest_of(
    recipe: Recipe,
    options: msgspec.Struct,
    layout: Layout,
    files: list[WrittenFile],
    about: dict[str, Any],
) -> Manifest:
    """Return the manifest; `about` has the dataset, the rule, the counts, the judges."""
    rows = [file for file in files if file.name.startswith("data/")]
    splits = dict.fromkeys(sorted({file.split for file in rows}), 0)
    for file in rows:
        splits[file.split] += file.rows
    return {
        "recipe": recipe.name,
        "options": msgspec.to_builtins(options),
        "layout": msgspec.to_builtins(layout),
        **about,
        "rows": sum(splits.values()),
        "splits": splits,
        "schema": {
            name: {"type": describe_type(column.kind), "meaning": column.meaning}
            for name, column in recipe.columns_for(options).items()
        },
        "code_version": version("misstep"),
        "written_with": {name: version(name) for name in ("orjson", "pyarrow", "zstandard")},
        "files": {
            file.name: {"split": file.split, "rows": file.rows, **_entry(file)} for file in rows
        },
        "other_files": {
            file.name: {"rows": file.rows, **_entry(file)} for file in files if file not in rows
        },
    }


def file_entry(file: HashedFile) -> dict[str, Any]:
    return {"bytes": file.size, "sha256": file.sha256}


def _entry(file: WrittenFile) -> dict[str, Any]:
    return {"bytes": file.size, "sha256": file.sha256}
