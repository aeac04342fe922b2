from pathlib import Path

import dj_database_url
import pytest

from misstep.local import addresses
from misstep.local.errors import LocalServiceError


def test_home_is_the_environments(home: Path) -> None:
    assert addresses.home() == home


def test_home_is_in_the_checkout_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MISSTEP_HOME", raising=False)
    assert addresses.home() == Path(__file__).resolve().parents[3] / ".misstep"


def test_database_url_names_the_socket_folder(home: Path) -> None:
    parsed = dj_database_url.parse(addresses.database_url())
    assert parsed["ENGINE"] == "django.db.backends.postgresql"
    assert parsed["HOST"] == str(addresses.postgres_sockets())
    assert (parsed["NAME"], parsed["USER"], parsed["PASSWORD"]) == ("misstep", "misstep", "")


def test_addresses_of_the_environment_win(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@somewhere/theirs")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere:6379/3")
    assert addresses.database_url() == "postgresql://somebody@somewhere/theirs"
    assert addresses.broker_url() == addresses.cache_url() == "redis://somewhere:6379/3"
    assert not addresses.own_database()
    assert not addresses.own_redis()


def test_empty_address_counts_as_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    assert addresses.own_redis()
    assert addresses.broker_url() == f"redis+socket://{home}/sockets/valkey.sock?virtual_host=0"
    assert addresses.cache_url() == f"unix://{home}/sockets/valkey.sock?db=1"


@pytest.mark.parametrize(
    "url", ["unix:///run/r.sock?db=4", "redis+socket:///run/r.sock?virtual_host=4"]
)
def test_redis_socket_is_told_to_both_in_their_form(
    url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    assert addresses.broker_url() == "redis+socket:///run/r.sock?virtual_host=4"
    assert addresses.cache_url() == "unix:///run/r.sock?db=4"


def test_sockets_of_a_deep_home_have_a_short_path(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISSTEP_HOME", str(home / ("deep/" * 30)))
    folder = addresses.sockets()
    assert len(str(folder / ".s.PGSQL.5432")) < 103
    assert folder == addresses.sockets()
    monkeypatch.setenv("MISSTEP_HOME", str(home / ("other/" * 30)))
    assert folder != addresses.sockets()


def test_secret_key_is_made_once_for_its_user_alone(home: Path) -> None:
    key = addresses.secret_key()
    assert len(key) >= 50
    assert addresses.secret_key() == key
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["secret-key"]


def test_secret_key_without_a_home_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MISSTEP_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(LocalServiceError, match="set MISSTEP_HOME to a writable folder"):
        addresses.secret_key()
