import pytest

from misstep.local.errors import LocalServiceError
from misstep.local.workers import QUEUES, served_queues, startable, with_workers


def test_workers_serve_their_queues_inside_the_block(local_services: None) -> None:
    assert served_queues() == set()
    with with_workers(["web"]) as workers:
        while "web" not in served_queues():
            workers.check()
        with with_workers(["web"]):
            assert served_queues() == {"web"}
        assert served_queues() == {"web"}
    assert served_queues() == set()


def test_queue_whose_package_is_missing_is_refused(
    local_services: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert startable(QUEUES) == ["web", "data", "checker", "critic"]
    with pytest.raises(LocalServiceError, match=r'pip install "misstep\[torch\]"'):
        with_workers(["prm"]).__enter__()
