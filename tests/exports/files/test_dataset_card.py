"""The dataset card of an export."""

import yaml

from exports.files.dataset_card import dataset_card
from exports.recipes import RECIPES

MANIFEST = {
    "dataset": 'sums: "hard"',
    "rows": 3,
    "traces": 5,
    "problems": 4,
    "label_sources": {"human": 2, "consensus": 1},
    "splits": {"train": 2, "test": 1},
    "files": {"data/train.jsonl": {"split": "train"}, "data/test.jsonl": {"split": "test"}},
}


def card(**changes: object) -> str:
    recipe = RECIPES["processbench"]
    return dataset_card(recipe, recipe.options(), MANIFEST | changes)


def test_the_head_maps_splits_to_files_in_yaml():
    _, head, _ = card().split("---\n", 2)
    (config,) = yaml.safe_load(head)["configs"]
    assert config["data_files"] == [
        {"split": "train", "path": ["data/train.jsonl"]},
        {"split": "test", "path": ["data/test.jsonl"]},
    ]
    names = [feature["name"] for feature in yaml.safe_load(head)["dataset_info"]["features"]]
    assert names == list(RECIPES["processbench"].columns)


def test_the_body_says_what_the_rows_rest_on():
    text = card()
    assert "3 rows from 5 traces of 4 problems; labels: 2 human, 1 consensus." in text
    assert "- train: 2 rows\n- test: 1 rows" in text
    assert "| `label` | int64 |" in text


def test_an_export_without_rows_has_no_head():
    text = card(files={}, splits={}, label_sources={}, rows=0)
    assert text.startswith("# sums")
    assert "labels: none." in text
