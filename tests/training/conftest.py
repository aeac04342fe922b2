"""A finished export on disk, as the platform leaves it, and a base to train."""

from collections.abc import Callable
from pathlib import Path

import pytest

from exports.models import Export
from exports.storage.export_store import folder_of
from tests.factories import make_dataset
from tests.training.tiny import (
    make_base,
    rationale_rows,
    rollout_rows,
    step_rows,
    write_export,
)

ROWS = {"prm": step_rows, "mistake-tuning": rationale_rows, "nft-rollouts": rollout_rows}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("tiny") / "base")


@pytest.fixture
def finished_export(db: None) -> Callable[[str], Export]:
    def make(recipe: str = "prm") -> Export:
        export = Export.objects.create(
            recipe=recipe, dataset=make_dataset(), status="finished", row_count=12
        )
        write_export(folder_of(export), recipe, ROWS.get(recipe, step_rows)())
        return export

    return make
