"""Where vLLM is, and what its servers are told on a machine without a GPU."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.backends.vllm.servers import stop_all
from tests.tiny_models import make_tiny_language_model, make_tiny_prm


@pytest.fixture(scope="session")
def vllm_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder of the servers' logs and locks.

    Skips if `make test-vllm` has not named a Python that has vLLM: a server takes a minute to
    start, so plain `make test` leaves these tests out.
    """
    if not os.environ.get("MISSTEP_VLLM_PYTHON"):
        pytest.skip("make test-vllm runs the tests against a real vLLM server")
    folder = tmp_path_factory.mktemp("vllm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MISSTEP_VLLM_FOLDER", str(folder))
        # No compiler is needed so, and a second of compiling saved for each shape.
        patch.setenv("MISSTEP_VLLM_ARGUMENTS", "--enforce-eager")
        patch.setenv("VLLM_CPU_KVCACHE_SPACE", "1")
        patch.setenv("OMP_NUM_THREADS", "1")
        yield folder
        stop_all()


@pytest.fixture(scope="session")
def tiny_prm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_prm(tmp_path_factory.mktemp("prm"), context=512, width=64, heads=2)


@pytest.fixture(scope="session")
def tiny_language_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_language_model(tmp_path_factory.mktemp("lm"), context=4096)
