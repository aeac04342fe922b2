"""Turns between open files of one process, for which the locks are the same as between two."""

import threading
from pathlib import Path

import pytest

from inference.backends.interface import BackendError
from inference.backends.vllm.gpu_lock import GpuLock


def test_a_second_turn_waits_and_the_holder_learns_of_it(tmp_path: Path):
    first, second = GpuLock(tmp_path, ["0"]), GpuLock(tmp_path, ["0"])
    first.acquire(1)
    assert not first.is_contended()
    waiting = threading.Thread(target=second.acquire, args=[30])
    waiting.start()
    while not first.is_contended():
        assert waiting.is_alive()
    first.release()
    waiting.join(30)
    assert not waiting.is_alive()
    assert not second.is_contended()
    with pytest.raises(BackendError, match="GPU 0 was busy with another scorer's vLLM server"):
        first.acquire(0.1)
    second.release()
    first.acquire(1)
    first.release()


def test_other_gpus_are_free(tmp_path: Path):
    pair, other = GpuLock(tmp_path, ["1", "0"]), GpuLock(tmp_path, ["2"])
    pair.acquire(1)
    other.acquire(1)
    assert not pair.is_contended()
    pair.release()
    other.release()


def test_a_turn_on_several_gpus_that_fails_holds_none(tmp_path: Path):
    one, pair, free = (
        GpuLock(tmp_path, ["1"]),
        GpuLock(tmp_path, ["0", "1"]),
        GpuLock(tmp_path, ["0"]),
    )
    one.acquire(1)
    with pytest.raises(BackendError, match="GPU 1 was busy"):
        pair.acquire(0.1)
    free.acquire(0.1)
    one.release()
    free.release()
