"""The process of a job: its exit status, its message, and the signals that stop it."""

import errno
import os
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.signal_bursts import first_hang, survives_a_signal_at_every_line
from tests.training.tiny import make_base, rationale_rows, write_export
from training.jobs import checkpoints, optimizer
from training.jobs.__main__ import stop_check, work
from training.jobs.checkpoints import CHECKPOINT
from training.jobs.files import ERROR, STOPPED, write_run

JOB = """
import os
from training.jobs.__main__ import stop_check
stop = stop_check(os.getppid())
ready()
while not stop():
    pass
"""


def full_disk(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    export = write_export(tmp_path / "export", "mistake-tuning", rationale_rows())
    base = make_base(tmp_path / "base")
    values = {"base": str(base), "batch_size": 3, "steps": 6, "checkpoint_every": 2}
    write_run(tmp_path / "run", job="mistake-tuning", export=export, settings=values)
    return tmp_path / "run"


def test_a_job_that_is_told_to_stop_resumes_and_finishes(folder: Path) -> None:
    assert work(folder, lambda: True) == STOPPED
    assert torch.load(folder / CHECKPOINT, weights_only=True)["step"] == 0
    assert work(folder, lambda: False) == 0
    assert (folder / "model").is_dir()


def test_a_full_disk_is_reported_and_the_last_checkpoint_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        save = optimizer.save_checkpoint

        def save_until_full(*arguments: Any) -> None:
            if arguments[-1] == 4:
                patch.setattr(checkpoints.os, "fsync", full_disk)
            save(*arguments)

        patch.setattr(optimizer, "save_checkpoint", save_until_full)
        assert work(folder, lambda: False) == 1
    assert "No space left on device. Free some space" in (folder / ERROR).read_text()
    assert torch.load(folder / CHECKPOINT, weights_only=True)["step"] == 2
    assert not list(folder.glob("*.partial"))
    assert work(folder, lambda: False) == 0


def test_metrics_that_can_not_be_written_are_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimizer, "_log", full_disk)
    assert work(folder, lambda: False) == 1
    assert "No space left" in (folder / ERROR).read_text()


def test_a_job_stops_when_its_parent_is_gone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert not stop_check(os.getppid())()
        assert stop_check(os.getppid() + 1)()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_job_ends_after_each_of_300_bursts_of_signals() -> None:
    assert first_hang(JOB, [signal.SIGTERM]) is None


def test_a_job_ends_when_each_of_its_lines_is_interrupted() -> None:
    assert survives_a_signal_at_every_line(JOB)
