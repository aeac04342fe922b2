"""Which addresses a worker calls, and that it calls the one that was checked."""

import socket

import pytest

from inference.backends import endpoints
from inference.backends.endpoints import EndpointRefused, base_url, is_public, look_up

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1", "::",
    "100.64.0.1", "fe80::1%eth0", "fd00::1", "fec0::1", "ff02::1", "224.0.0.1", "255.255.255.255",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::10.0.0.1",
    "2002:7f00:0001::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.1",
]  # fmt: skip


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Replace the system's host names and return the table of their addresses."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def find(host: str, port: int, **fields: int) -> list:
        if host not in known:
            return real(host, port, **fields)
        return [entry for address in known[host] for entry in real(address, port, **fields)]

    monkeypatch.setattr(endpoints.socket, "getaddrinfo", find)
    return known


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]",
        "[::ffff:127.0.0.1]", "169.254.169.254", "0", "[::ffff:a9fe:a9fe]",
    ],
)  # fmt: skip
def test_this_machine_is_refused_however_it_is_written(host: str):
    with pytest.raises(EndpointRefused, match="not on the public internet"):
        look_up(f"https://{host}/v1", named=[])


def test_a_name_with_any_address_inside_is_refused(names: dict[str, list[str]]):
    names["models.example"] = ["93.184.215.14", "10.0.0.5"]
    with pytest.raises(EndpointRefused, match=r"is at 10\.0\.0\.5"):
        look_up("https://models.example/v1", named=[])


def test_a_public_host_is_open_over_https_alone(names: dict[str, list[str]]):
    names["models.example"] = ["93.184.215.14"]
    found = look_up("https://models.example/v1", named=[])
    assert (found.addresses, found.port, found.is_named) == (("93.184.215.14",), 443, False)
    with pytest.raises(EndpointRefused, match="is not encrypted"):
        look_up("http://models.example/v1", named=[])


@pytest.mark.parametrize(
    ("entry", "endpoint", "allowed"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/v1", True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000/v1", True),
        ("127.0.0.1:8001", "http://127.0.0.1:8000/v1", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1", True),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1", True),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v10", False),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/admin", False),
        ("https://127.0.0.1:8000", "http://127.0.0.1:8000/v1", False),
        ("http://127.0.0.1:80000000", "http://127.0.0.1:8000/v1", False),
        ("http://127.0.0.1", "http://127.0.0.1/v1", True),
        ("[::1]:9", "http://[::1]:9/v1", True),
        ("LOCALHOST", "http://localhost:1/v1", True),
        ("127.0.0.1", "http://127.0.0.2/v1", False),
        ("localhost", "http://localhost.example/v1", False),
    ],
)
def test_the_setting_names_hosts_ports_and_beginnings(entry: str, endpoint: str, allowed: bool):
    try:
        assert look_up(endpoint, named=["other.example", entry]).is_named is allowed
    except EndpointRefused:
        assert not allowed


def test_the_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MISSTEP_ENDPOINTS", " gpu-1:8000 , 127.0.0.1:8000,")
    assert look_up("http://127.0.0.1:8000/v1").addresses == ("127.0.0.1",)
    monkeypatch.delenv("MISSTEP_ENDPOINTS")
    with pytest.raises(EndpointRefused, match=r"add 127\.0\.0\.1:8000 to MISSTEP_ENDPOINTS"):
        look_up("http://127.0.0.1:8000/v1")


@pytest.mark.parametrize(
    "text",
    [
        "", "host:8000", "ftp://host/v1", "file:///etc/passwd", "http://", "http://a:b@host/v1",
        "http://host@evil.example/v1", "http://host/v1?x=1", "http://host/v1#x", "http://host\\@x",
        "http://host/v1/../admin", "http://host/%2e%2e/x", "http://host:port/v1", "http://ho st/",
        "http://host\n.example/", "http://hóst/", "http://[::1/v1", "gopher://host/",
    ],
)  # fmt: skip
def test_what_is_no_plain_url_is_refused(text: str):
    with pytest.raises(EndpointRefused):
        base_url(text)


def test_a_bare_host_gets_the_usual_path():
    assert base_url(" http://host:8000/ ") == "http://host:8000/v1"
    assert base_url("https://host/api/v1/") == "https://host/api/v1"


def test_an_unknown_host_is_named(names: dict[str, list[str]]):
    with pytest.raises(EndpointRefused, match=r"can't resolve the host 'nowhere\.invalid'"):
        look_up("https://nowhere.invalid/v1", named=[])
