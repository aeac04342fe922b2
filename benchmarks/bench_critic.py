"""Critics through vLLM: one request per trace with many in flight, against one request per step.

The scripts published with step-by-step judges send a conversation that grows by one step, with one
token of answer, each request waiting for the last. Every step is sent, as for a trace without an
error. A critic writes a whole review instead, so two variants are measured in between: the critic
with one request at a time, and the scripts' way with many in flight. All use one server, as a
worker would start it, with a tiny model of random weights. The server caches common prefixes for
all requests, which helps the sequential variants too.

Environment variables: BENCH_CRITIC_TRACES (128), BENCH_CRITIC_TOKENS (64) per review, and
BENCH_CRITIC_MODEL, a folder with a real model. Needs the environment of `make vllm`.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import httpx

from benchmarks.report import Figure

TRACES = int(os.environ.get("BENCH_CRITIC_TRACES", "128"))
TOKENS = int(os.environ.get("BENCH_CRITIC_TOKENS", "64"))
MODEL = os.environ.get("BENCH_CRITIC_MODEL", "")
# A few traces are enough to measure the sequential variants.
SEQUENTIAL_TRACES = 12
# By default, vLLM for CPUs compiles and uses a quarter of the memory for its cache.
ON_A_CPU = {"MISSTEP_VLLM_ARGUMENTS": "--enforce-eager", "VLLM_CPU_KVCACHE_SPACE": "2"}


def measure() -> Iterator[Figure]:
    if not vllm_is_here():
        print(
            "vLLM is not installed, so critics are not measured: run `make vllm`.", file=sys.stderr
        )
        return
    for name, value in ON_A_CPU.items():
        os.environ.setdefault(name, value)
    traces = texts()
    with tempfile.TemporaryDirectory() as folder:
        yield from compare(MODEL or made(Path(folder)), traces)


def vllm_is_here() -> bool:
    from inference.backends.vllm.server_options import read_settings

    return read_settings().python != sys.executable


def texts() -> list[Any]:
    """Return traces of the sample dataset, grouped by problem."""
    from inference.backends.interface import TraceText
    from traces.samples import generate

    records = islice(generate(TRACES, 1), TRACES)
    return [TraceText(record.problem, record.steps) for record in records]


def made(folder: Path) -> str:
    from tests.tiny_models import make_tiny_language_model

    return str(make_tiny_language_model(folder, context=8192))


def compare(model: str, traces: Sequence[Any]) -> Iterator[Figure]:
    from inference.backends.vllm.servers import stop_all

    many, alone = critic(model, concurrency=64), critic(model, concurrency=1)
    try:
        many.judge(traces[:4])  # the first requests wait for the server to warm up
        before = counted(many)
        ours = rate(len(traces), lambda: many.judge(traces))
        queries, hits = (now - then for now, then in zip(counted(many), before, strict=True))
        few = traces[-SEQUENTIAL_TRACES:]
        one_by_one = rate(len(few), lambda: alone.judge(few))
        by_step = rate(len(few), lambda: step_by_step(many, model, few, concurrency=1))
        together = rate(len(traces), lambda: step_by_step(many, model, traces, concurrency=64))
    finally:
        many.close()
        alone.close()
        stop_all()
    yield Figure("critic, many requests in flight", ours, "traces/s")
    yield Figure("critic, one request at a time", one_by_one, "traces/s")
    yield Figure("one request a step, one at a time", by_step, "traces/s")
    yield Figure("one request a step, many in flight", together, "traces/s")
    yield Figure("critic: many / one at a time", ours / one_by_one, "of its rate", at_least=1.0)
    yield Figure("a step: many / one at a time", together / by_step, "of its rate", at_least=1.0)
    yield Figure("critic, many / a step, one", ours / by_step, "of its rate", at_least=1.0)
    yield Figure("prompt tokens found in the cache", hits / queries, "of all")


def critic(model: str, *, concurrency: int) -> Any:
    """Return a critic that always writes TOKENS tokens, because a random model stops anywhere."""
    from inference.backends.critic.backend import CriticBackend
    from inference.backends.interface import Recipe

    parameters = {
        "serve": "vllm",
        "concurrency": concurrency,
        "max_tokens": TOKENS,
        "extra_body": {"ignore_eos": True},
    }
    return CriticBackend(Recipe("critic", model, parameters=parameters))


def rate(count: int, work: Any) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def counted(backend: Any) -> tuple[float, float]:
    """Return the prompt tokens that the server looked up in its cache so far, and the hits."""
    with backend.endpoint.server.in_use() as address:
        text = httpx.get(f"{address.url}/metrics", timeout=30).text
    names = ("vllm:prefix_cache_queries_total", "vllm:prefix_cache_hits_total")
    lines = [line for line in text.splitlines() if line.startswith(names)]
    values = {line.partition("{")[0]: float(line.rpartition(" ")[2]) for line in lines}
    return values[names[0]], values[names[1]]


def step_by_step(backend: Any, model: str, traces: Sequence[Any], *, concurrency: int) -> None:
    questions = [question for trace in traces for question in conversations(trace)]
    with backend.endpoint.server.in_use() as address, ThreadPoolExecutor(concurrency) as pool:
        headers = {"Authorization": f"Bearer {address.key}"}
        with httpx.Client(base_url=address.url, headers=headers, timeout=600) as http:

            def ask(messages: list[dict[str, str]]) -> None:
                body = {"model": model, "messages": messages, "max_tokens": 1, "temperature": 0}
                http.post("/v1/chat/completions", json=body).raise_for_status()

            list(pool.map(ask, questions))


def conversations(trace: Any) -> Iterator[list[dict[str, str]]]:
    """Yield one conversation per step: the steps so far, with all but the last judged correct."""
    messages: list[dict[str, str]] = []
    for number, step in enumerate(trace.steps):
        opening = f"{trace.problem}\n\n{step}" if number == 0 else step
        messages = [*messages, {"role": "user", "content": opening}]
        yield messages
        messages = [*messages, {"role": "assistant", "content": "+"}]
