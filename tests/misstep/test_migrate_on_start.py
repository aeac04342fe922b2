from typing import Any

import pytest

from misstep import migrate_on_start
from misstep.local.errors import LocalServiceError
from misstep.migrate_on_start import make_sure_of_tables

pytestmark = pytest.mark.django_db


class Behind:
    """A migration executor of a database that lacks tables."""

    def __init__(self, connection: Any) -> None:
        self.loader = self
        self.graph = self

    def leaf_nodes(self) -> list[tuple[str, str]]:
        return [("traces", "0002_later")]

    def migration_plan(self, targets: list[tuple[str, str]]) -> list[object]:
        return targets


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    called: list[str] = []
    monkeypatch.setattr(
        migrate_on_start, "call_command", lambda name, **options: called.append(name)
    )
    return called


def test_a_database_with_all_tables_is_left_alone(commands: list[str]) -> None:
    make_sure_of_tables()
    assert commands == []


def test_misstep_migrates_its_own_database(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_on_start, "MigrationExecutor", Behind)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    make_sure_of_tables()
    assert commands == ["migrate"]


def test_another_database_is_not_migrated_unasked(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_on_start, "MigrationExecutor", Behind)
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/misstep")
    with pytest.raises(LocalServiceError, match="misstep migrate"):
        make_sure_of_tables()
    assert commands == []
