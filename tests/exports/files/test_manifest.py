"""The manifest of an export."""

from exports.files.layout import Layout
from exports.files.manifest import manifest_of
from exports.files.split_writer import WrittenFile
from exports.recipes import RECIPES


def test_the_manifest_counts_rows_by_split_and_hashes_every_file():
    recipe = RECIPES["sft"]
    files = [
        WrittenFile("data/train-0.jsonl", "train", 3, 30, "a"),
        WrittenFile("data/train-1.jsonl", "train", 2, 20, "b"),
        WrittenFile("data/test-0.jsonl", "test", 1, 10, "c"),
        WrittenFile("lineage/train.parquet", "train", 5, 50, "d"),
    ]
    manifest = manifest_of(recipe, recipe.options(), Layout(), files, {"dataset": "sums"})
    assert manifest["dataset"] == "sums"
    assert manifest["rows"] == 6
    assert manifest["splits"] == {"test": 1, "train": 5}
    assert manifest["files"]["data/train-1.jsonl"] == {
        "split": "train",
        "rows": 2,
        "bytes": 20,
        "sha256": "b",
    }
    assert manifest["other_files"] == {
        "lineage/train.parquet": {"rows": 5, "bytes": 50, "sha256": "d"}
    }
    assert list(manifest["schema"]) == list(recipe.columns)


def test_the_schema_follows_the_options():
    recipe = RECIPES["sft"]
    manifest = manifest_of(recipe, recipe.options(shape="chat"), Layout(), [], {})
    assert manifest["schema"]["messages"]["type"] == "list of {role: string, content: string}"
    assert manifest["splits"] == {}
