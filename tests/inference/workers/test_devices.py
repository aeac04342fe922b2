"""The devices of a worker."""

import pytest

from inference.workers import devices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_gpus_are_told_by_the_drivers_tool(tmp_path, monkeypatch: pytest.MonkeyPatch):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(
        "#!/bin/sh\necho '0, GPU-aa, NVIDIA H200, 143771'\necho '1, GPU-bb, NVIDIA L4, 23034'\n"
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert devices.gpus() == ["NVIDIA H200, 140 GiB", "NVIDIA L4, 22 GiB"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert devices.gpus() == ["NVIDIA L4, 22 GiB"]
    tool.write_text("#!/bin/sh\nexit 9\n")
    assert devices.gpus() == []
