import os

import pytest

from misstep.local import external_services
from misstep.local.errors import LocalServiceError
from misstep.local.external_services import require_answers


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_services, "PATIENCE", 2)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_misstep_own_servers_need_no_answer() -> None:
    require_answers()


@pytest.mark.parametrize(
    ("name", "url", "server"),
    [
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "PostgreSQL server"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "Redis server"),
        ("REDIS_URL", "127.0.0.1:6379", "Redis server"),
    ],
)
def test_a_silent_server_is_named_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str, server: str
) -> None:
    monkeypatch.setenv(name, url)
    with pytest.raises(LocalServiceError) as refused:
        require_answers()
    assert str(refused.value).startswith(f"The {server} of {name} can't be used: ")
    assert "\n" not in str(refused.value)


def test_a_server_that_answers_is_fine(
    local_services: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from misstep.local import addresses

    monkeypatch.setenv("DATABASE_URL", addresses.database_url())
    monkeypatch.setenv("REDIS_URL", addresses.cache_url())
    assert os.environ["REDIS_URL"].startswith(("unix://", "redis://"))
    require_answers()
