"""The processes of a vLLM server, found so that a test can hurt them."""

from collections.abc import Sequence

import psutil

ENGINE = "VLLM::EngineCore"


def descendants(process: int) -> list[psutil.Process]:
    return psutil.Process(process).children(recursive=True)


def engine_of(process: int) -> psutil.Process:
    """Return the engine that some process below this one runs."""
    (engine,) = [p for p in descendants(process) if ENGINE in " ".join(p.cmdline())]
    return engine


def gone(processes: Sequence[psutil.Process]) -> bool:
    return not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes)
