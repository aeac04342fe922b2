"""The dataset card: what is in the folder, and which file is which split for `datasets`."""

from typing import Any

from exports.recipes.base import Recipe


def dataset_card(recipe: Recipe, manifest: dict[str, Any]) -> str:
    """A README.md whose head the datasets library reads, and whose body a person does."""
    splits = "".join(
        f"      - split: {file['split']}\n        path: {name}\n"
        for name, file in manifest["files"].items()
    )
    head = "---\nconfigs:\n  - config_name: default\n    data_files:\n" + splits + "---\n"
    sources = ", ".join(f"{count} {kind}" for kind, count in manifest["label_sources"].items())
    fields = "\n".join(f"- `{name}`: {column.meaning}" for name, column in recipe.columns.items())
    return (
        f"{head if manifest['files'] else ''}"
        f"# {manifest['dataset']}, {recipe.title}\n\n"
        f"{recipe.description}\n\n"
        f"{manifest['rows']} rows from {manifest['traces']} traces; labels: {sources or 'none'}.\n"
        "`manifest.json` has the rule, the judges and the hash of every file.\n\n"
        f"## Fields\n\n{fields}\n"
    )
