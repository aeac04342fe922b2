from pathlib import Path

import pytest

from misstep.local import addresses
from misstep.local.postgres.server_settings import SETTINGS, write_settings


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MISSTEP_HOME", str(tmp_path / "home"))
    folder = tmp_path / "settings"
    write_settings(folder, "ann")
    return folder


def test_the_configuration_holds_every_setting_and_the_socket(written: Path) -> None:
    lines = (written / "postgresql.conf").read_text().splitlines()
    settings = dict(line.split(" = ", 1) for line in lines)
    assert settings["listen_addresses"] == "''"
    assert settings["unix_socket_directories"] == f"'{addresses.postgres_sockets()}'"
    assert set(settings) == {*SETTINGS, "unix_socket_directories"}


def test_only_the_named_user_connects_and_without_the_network(written: Path) -> None:
    assert (written / "pg_hba.conf").read_text() == "local all misstep peer map=misstep\n"
    assert (written / "pg_ident.conf").read_text() == 'misstep "ann" misstep\n'


def test_files_are_replaced_and_readable_by_the_server(written: Path) -> None:
    write_settings(written, "bob")
    assert '"bob"' in (written / "pg_ident.conf").read_text()
    assert sorted(path.name for path in written.iterdir()) == [
        "pg_hba.conf",
        "pg_ident.conf",
        "postgresql.conf",
    ]
    assert (written / "pg_hba.conf").stat().st_mode & 0o777 == 0o644
