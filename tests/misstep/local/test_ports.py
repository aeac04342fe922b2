import socket

import pytest

from misstep.local.errors import LocalServiceError
from misstep.local.ports import require_free


def test_taken_port_is_refused_with_a_free_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalServiceError, match="already in use") as refusal:
            require_free("127.0.0.1", port)
    offered = int(str(refusal.value).partition("--port ")[2].partition("`")[0])
    assert offered > port
    require_free("127.0.0.1", offered)


def test_port_is_free_once_its_listener_has_left() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalServiceError):
            require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_impossible_host_is_refused(host: str) -> None:
    with pytest.raises(LocalServiceError, match="try another --host"):
        require_free(host, 8000)
