"""Batched scoring with a process reward model, against the model card's loop on the same traces.

The loop is one forward pass per trace. On a CPU the model is small, in float32. With a GPU, the
loop is measured there too, and a model with the shapes of a 7B PRM and random weights in bfloat16
reads the same texts. Its speed is a share of the GPU's rate for bare matrix products.

Environment variables: BENCH_SCORING_TRACES (120), BENCH_SCORING_ROUNDS (2), and BENCH_SCORING_FILE,
a file of traces such as ProcessBench's, used instead of generated ones.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.report import Figure

TRACES = int(os.environ.get("BENCH_SCORING_TRACES", "120"))
ROUNDS = int(os.environ.get("BENCH_SCORING_ROUNDS", "2"))
FILE = os.environ.get("BENCH_SCORING_FILE", "")

SMALL = {
    "hidden_size": 256,
    "intermediate_size": 512,
    "num_hidden_layers": 3,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
}
# Qwen2.5-7B.
LARGE = {
    "hidden_size": 3584,
    "intermediate_size": 18944,
    "num_hidden_layers": 28,
    "num_attention_heads": 28,
    "num_key_value_heads": 4,
}
LARGE_WORDS = 152_064
CONTEXT = 4096


def measure() -> Iterator[Figure]:
    import torch

    traces = texts()
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = made(Path(folder), traces)
        yield from compare(checkpoint, traces, "cpu", at_least=1.0)
        if torch.cuda.is_available():
            yield from compare(checkpoint, traces, "cuda", at_least=4.0)
            yield from share_of_products(checkpoint, traces)


def texts() -> list[Any]:
    """Return the traces as a judge receives them, in the order of their problems."""
    from inference.backends.interface import TraceText

    if FILE:
        from traces.formats.contract import ReadOptions
        from traces.imports.sources import find_files, read_source
        from traces.records import TraceRecord

        rows = read_source(find_files(FILE), "", ReadOptions())
        records = (row for row in rows if isinstance(row, TraceRecord))
    else:
        from traces.samples import generate

        records = generate(TRACES, 1)
    return [TraceText(record.problem, record.steps) for record in islice(records, TRACES)]


def compare(folder: Path, traces: list[Any], device: str, *, at_least: float) -> Iterator[Figure]:
    """Alternate the rounds and use the best of each."""
    import torch

    from inference.backends.interface import Recipe
    from inference.backends.prm.qwen import QwenPrmBackend

    judge = QwenPrmBackend(
        Recipe("qwen-prm", str(folder), parameters={"device": device, "dtype": "float32"})
    )
    ours, loop = [], []
    batched = by_loop = None
    judge.judge(traces[:4])  # the first pass allocates
    one_at_a_time(judge, traces[0])
    for _ in range(ROUNDS):
        began = time.perf_counter()
        batched = [finding.scores for finding in judge.judge(traces)]
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        by_loop = [one_at_a_time(judge, trace) for trace in traces]
        loop.append(time.perf_counter() - began)
    apart = max(
        (torch.tensor(one) - torch.tensor(other)).abs().max().item()
        for one, other in zip(batched or [], by_loop or [], strict=True)
    )
    yield Figure(f"batched scoring, {device}", len(traces) / min(ours), "traces/s")
    yield Figure(f"one trace at a time, {device}", len(traces) / min(loop), "traces/s")
    ratio = min(loop) / min(ours)
    yield Figure(f"batched / one at a time, {device}", ratio, "of its rate", at_least=at_least)
    yield Figure(f"largest difference of scores, {device}", apart, "probability", at_most=1e-4)


def one_at_a_time(judge: Any, trace: Any) -> list[float]:
    """Score as the model card does: the whole trace, the logits at the separators, softmax."""
    import torch

    ids = torch.tensor([judge.text.tokens_of(trace)], device=judge.device)
    with torch.inference_mode():
        hidden = judge.backbone(input_ids=ids, use_cache=False).last_hidden_state
        scores: list[float] = judge.head(hidden[ids == judge.text.separator]).tolist()
    return scores


def share_of_products(folder: Path, traces: list[Any]) -> Iterator[Figure]:
    """Compare the scoring rate of a 7B model with the rate of bare matrix products."""
    import torch

    judge = large_judge(folder)
    tokens = sum(len(judge.text.tokens_of(trace)) for trace in traces)
    judge.judge(traces)  # the first pass compiles and allocates
    took = min(timed(lambda: judge.judge(traces)) for _ in range(ROUNDS))
    weights = sum(
        parameter.numel()
        for name, parameter in judge.backbone.named_parameters()
        if "embed_tokens" not in name
    )
    reached = 2 * weights * tokens / took
    bare = products_per_second(torch.device("cuda"))
    yield Figure("a 7B PRM's shapes in bfloat16", tokens / took, "tokens/s")
    yield Figure("its weights' products / bare products", reached / bare, "of its rate", 0.5)


def large_judge(folder: Path) -> Any:
    """Return the backend with the small checkpoint's tokenizer and a model of the large shapes."""
    import torch
    from transformers import Qwen2Config, Qwen2Model

    from inference.backends.interface import Recipe
    from inference.backends.prm.qwen import QwenPrmBackend

    judge = QwenPrmBackend(Recipe("qwen-prm", str(folder), parameters={"device": "cuda"}))
    config = Qwen2Config(vocab_size=LARGE_WORDS, max_position_embeddings=CONTEXT, **LARGE)
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        judge.backbone = Qwen2Model(config).eval()
        head = torch.nn.Linear(config.hidden_size, 2, dtype=torch.float32)
    torch.set_default_dtype(torch.float32)
    judge.head = lambda hidden: head(hidden).softmax(dim=-1)[:, 1]
    return judge


def products_per_second(device: Any, size: int = 8192, times: int = 20) -> float:
    """Return the floating-point operations per second of bfloat16 matrix products."""
    import torch

    one, other = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))

    def multiply() -> None:
        for _ in range(times):
            torch.mm(one, other)
        torch.cuda.synchronize()

    multiply()
    return 2 * size**3 * times / timed(multiply)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def made(folder: Path, traces: list[Any]) -> Path:
    """Save a checkpoint with random weights and a tokenizer trained on the traces."""
    import json

    import torch
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2Model

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<extra_0>"]
    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    learned.decoder = decoders.ByteLevel()
    words = trainers.BpeTrainer(
        vocab_size=4000,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    learned.train_from_iterator((step for trace in traces for step in trace.steps), words)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=learned, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = (
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n'"
        " + message['content'] + '<|im_end|>\n' }}{% endfor %}"
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = Qwen2Config(vocab_size=len(tokenizer), max_position_embeddings=CONTEXT, **SMALL)
    weights = {f"model.{k}": v.clone() for k, v in Qwen2Model(config).state_dict().items()}
    width = config.hidden_size
    for name, rows in (("score.0", width), ("score.2", 2)):
        weights[f"{name}.weight"] = torch.randn(rows, width) / width**0.5
        weights[f"{name}.bias"] = torch.zeros(rows)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config.to_dict()))
    return folder
