"""The form that finds one row of an export."""

import pytest

from exports.lineage.forms import RowForm
from exports.models import Export


@pytest.fixture
def export() -> Export:
    return Export(manifest={"splits": {"train": 2, "test": 1}})


@pytest.mark.parametrize(
    ("data", "valid"),
    [
        ({"split": "train", "row": "0"}, True),
        ({"split": "validation", "row": "0"}, False),
        ({"split": "train", "row": "-1"}, False),
        ({"split": "train", "row": "x"}, False),
        ({}, False),
    ],
)
def test_a_row_has_a_split_of_the_export_and_a_place(export: Export, data: dict, valid: bool):
    assert RowForm(data, export=export).is_valid() is valid


def test_an_export_without_a_manifest_has_no_split():
    assert RowForm(export=Export()).fields["split"].choices == []
