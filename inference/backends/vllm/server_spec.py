"""The description of a server, and its command line for vLLM."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from inference.backends.interface import BackendError
from inference.backends.vllm.server_options import ServerSettings


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """Two scorers of equal `Serving` share one server.

    `pooler` and `overrides` are JSON, so that the whole is hashable: vLLM's pooler configuration,
    and what to change in the model's own configuration.
    """

    model: str
    folder: Path
    runner: str = "generate"
    # auto is the checkpoint's own type: other numbers give other scores.
    dtype: str = "auto"
    # Less than the model's own context, which 0 stands for, saves memory for the cache; the prompt
    # and the answer must fit it.
    max_model_len: int = 0
    # Over how many GPUs a model is cut that does not fit one.
    tensor_parallel: int = 1
    pooler: str = ""
    overrides: str = ""
    convert: str = ""


def select_gpus(serving: ServerSpec, settings: ServerSettings) -> list[str]:
    """Return the GPUs that the server will use, out of the process's own."""
    count = serving.tensor_parallel
    gpus = list(settings.gpus or map(str, range(count)))
    if len(gpus) < count:
        raise BackendError(
            f"{serving.model} is to run on {count} GPUs, and this worker may use {len(gpus)}."
        )
    return gpus[:count]


def server_command(serving: ServerSpec, settings: ServerSettings, port: int) -> list[str]:
    """Return the server's command line. No code that came with a checkpoint is ever run."""
    line = [settings.python, "-m", "vllm.entrypoints.openai.api_server"]
    # The worker alone asks it, so nobody else need reach it.
    line += ["--host", "127.0.0.1", "--port", str(port)]
    line += ["--model", str(serving.folder), "--served-model-name", serving.model]
    line += ["--dtype", serving.dtype, "--runner", serving.runner]
    line += ["--tensor-parallel-size", str(serving.tensor_parallel)]
    line += ["--gpu-memory-utilization", str(settings.gpu_memory)]
    if serving.max_model_len:
        line += ["--max-model-len", str(serving.max_model_len)]
    if serving.convert:
        line += ["--convert", serving.convert]
    if serving.overrides:
        line += ["--hf-overrides", serving.overrides]
    line += _pooling(serving) if serving.runner == "pooling" else _generation()
    # A line a request would fill the log.
    line += ["--disable-uvicorn-access-log"]
    return [*line, *settings.arguments]


def server_environment(key: str) -> dict[str, str]:
    """Return the server's environment: offline, since all files are here, and no reporting."""
    offline = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
    # In the environment and not on the command line, where every user of the host could read it.
    return os.environ | offline | {"VLLM_API_KEY": key}


def _pooling(serving: ServerSpec) -> list[str]:
    return ["--pooler-config", serving.pooler] if serving.pooler else []


def _generation() -> list[str]:
    # A trace's samples, and the traces of one problem, have their beginning in common.
    line = ["--enable-prefix-caching"]
    # Else the checkpoint's generation_config.json fills in what a request leaves out, a repetition
    # penalty say, and the scorer's recipe would not be all that decides.
    line += ["--generation-config", "vllm"]
    # Between the braces of a schema a small model may write blanks until its tokens are spent.
    rules = {"backend": "xgrammar", "disable_any_whitespace": True}
    return [*line, "--structured-outputs-config", json.dumps(rules)]
