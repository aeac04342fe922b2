"""Turns between open files of one process, for which the locks are the same as between two."""

import threading
from pathlib import Path

import pytest

from inference.backends.interface import BackendError
from inference.backends.vllm.gpu_lock import Turn


def test_a_second_turn_waits_and_the_holder_learns_of_it(tmp_path: Path):
    first, second = Turn(tmp_path, ["0"]), Turn(tmp_path, ["0"])
    first.take(1)
    assert not first.is_wanted()
    waiting = threading.Thread(target=second.take, args=[30])
    waiting.start()
    while not first.is_wanted():
        assert waiting.is_alive()
    first.give()
    waiting.join(30)
    assert not waiting.is_alive()
    assert not second.is_wanted()
    with pytest.raises(BackendError, match="GPU 0 was busy with another scorer's vLLM server"):
        first.take(0.1)
    second.give()
    first.take(1)
    first.give()


def test_other_gpus_are_free(tmp_path: Path):
    pair, other = Turn(tmp_path, ["1", "0"]), Turn(tmp_path, ["2"])
    pair.take(1)
    other.take(1)
    assert not pair.is_wanted()
    pair.give()
    other.give()


def test_a_turn_on_several_gpus_that_fails_holds_none(tmp_path: Path):
    one, pair, free = Turn(tmp_path, ["1"]), Turn(tmp_path, ["0", "1"]), Turn(tmp_path, ["0"])
    one.take(1)
    with pytest.raises(BackendError, match="GPU 1 was busy"):
        pair.take(0.1)
    free.take(0.1)
    one.give()
    free.give()
