"""Settings of a machine on which vLLM runs: from the environment, each with its reason.

Settings that change a model's answers are not here: they are parameters of the scorer.
"""

import os
import shlex
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from inference.backends.interface import BackendError

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Settings of a machine; `read_settings` names the variables.

    `gpus` are the GPUs that this process may use, as CUDA_VISIBLE_DEVICES numbers them; empty if
    that is not set.
    """

    python: str
    folder: Path
    gpu_memory: float = 0.9
    start_seconds: float = 900.0
    arguments: tuple[str, ...] = ()
    gpus: tuple[str, ...] = ()


def read_settings() -> ServerSettings:
    """Return this machine's settings. Raises BackendError about an invalid value."""
    below = CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.home()
    home = Path(os.environ.get("MISSTEP_HOME") or below / ".misstep")
    return ServerSettings(
        # vLLM pins other versions than Misstep, so it has an environment and a Python of its own.
        python=os.environ.get("MISSTEP_VLLM_PYTHON") or _default_python(),
        # Logs, and the files by which processes take turns: one folder for all workers of a host.
        folder=Path(os.environ.get("MISSTEP_VLLM_FOLDER") or home / "vllm").expanduser(),
        # The share of a GPU's memory that the server takes at once, weights and cache. Less than
        # vLLM's own 0.92, since another process's context costs some; 0.45 lets two share a GPU.
        gpu_memory=_number("MISSTEP_VLLM_GPU_MEMORY", 0.9, above=0.0, at_most=1.0),
        # Reading 140 GB of weights from a network disk takes minutes; a tiny model one.
        start_seconds=_number("MISSTEP_VLLM_START_SECONDS", 900.0, above=0.0, at_most=86_400.0),
        # For what a machine needs and no scorer should know: --enforce-eager on a CPU, say.
        arguments=tuple(shlex.split(os.environ.get("MISSTEP_VLLM_ARGUMENTS", ""))),
        gpus=_visible_gpus(),
    )


def is_set_up() -> bool:
    """Return whether this machine is meant to serve models with vLLM, without starting anything.

    If the named Python does not exist, the shard that needs it says so.
    """
    return (
        bool(os.environ.get("MISSTEP_VLLM_PYTHON"))
        or _default_python() != sys.executable
        or find_spec("vllm") is not None
    )


def _default_python() -> str:
    """Return the environment that `make vllm` makes, if there is one; else this one."""
    made = CHECKOUT / ".venv-vllm" / "bin" / "python"
    return str(made) if made.exists() else sys.executable


def _visible_gpus() -> tuple[str, ...]:
    named = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
    return tuple(gpu.strip() for gpu in named if gpu.strip())


def _number(name: str, default: float, *, above: float, at_most: float) -> float:
    text = os.environ.get(name, "").strip()
    try:
        value = float(text or default)
    except ValueError:
        value = above
    if not above < value <= at_most:
        raise BackendError(
            f"{name} is {text!r}; write a number above {above:g} and up to {at_most:g}."
        )
    return value
