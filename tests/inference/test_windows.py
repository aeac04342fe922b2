"""How many traces a judge gets at once, and that it is stopped in the middle of them."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from inference.backends import BACKENDS, load_backend
from inference.backends.cancellation import Cancelled, cancellable, check_cancelled
from inference.backends.chat import batch_outcomes
from inference.backends.interface import BackendError, Finding, Recipe, TraceText
from inference.models import ScoringRun
from inference.runs.control import cancel_run
from inference.runs.start import SHARD_SIZES, shard_size, start_run
from inference.scorers.registry import builtin_scorer, get_or_create_scorer
from inference.shards.claim import claim_next_shard
from inference.shards.evaluate import evaluate_batch
from inference.shards.score import score_next, score_shard
from inference.workers.model_cache import unload_all
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import ScriptedBackend, scripted_scorer
from tests.openai_server import OpenAIServer, completion, serving
from tests.tiny_models import make_tiny_prm
from traces.models import Verdict

TRACES = [TraceText(f"p{number}", ["a", "b"]) for number in range(7)]


@pytest.fixture
def seen(scripted: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the sizes of the windows that the scripted backend was given."""
    sizes: list[int] = []
    plain = ScriptedBackend.judge

    def judge(self: ScriptedBackend, traces: Sequence[TraceText]) -> list[Finding]:
        sizes.append(len(traces))
        check_cancelled()
        return plain(self, traces)

    monkeypatch.setattr(ScriptedBackend, "judge", judge)
    return sizes


def run_over(count: int) -> ScoringRun:
    dataset = make_dataset()
    for _ in range(count):
        make_trace(dataset, problem="one", steps=["right"])
    return start_run(scripted_scorer(), dataset=dataset, created_by=None)


@pytest.mark.django_db
@pytest.mark.parametrize(("window", "sizes"), [(3, [3, 3, 1]), (7, [7]), (None, [7])])
def test_a_backend_gets_as_many_traces_as_it_wants(
    window: int | None, sizes: list[int], seen: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ScriptedBackend, "window", window, raising=False)
    run = run_over(7)
    score_next("prm")
    assert seen == sizes
    assert Verdict.objects.filter(origin_id=run.pk).count() == 7


@pytest.mark.django_db
def test_a_backend_that_says_nothing_gets_fifty(seen: list[int]):
    run_over(51)
    score_next("prm")
    assert seen == [50, 1]


@pytest.mark.django_db(transaction=True)
def test_a_shard_that_is_cancelled_is_given_up_in_the_middle_of_a_window(
    seen: list[int], monkeypatch: pytest.MonkeyPatch
):
    run = run_over(4)

    def judge(self: ScriptedBackend, traces: Sequence[TraceText]) -> list[Finding]:
        seen.append(len(traces))
        cancel_run(run)
        for _ in range(1000):
            check_cancelled()
            threading.Event().wait(0.01)
        return []

    monkeypatch.setattr(ScriptedBackend, "judge", judge)
    claim = claim_next_shard(["prm"], backends=["scripted"], worker="w")
    assert claim is not None
    score_shard(claim, heartbeat_seconds=0.02)
    assert seen == [4]  # neither halved nor tried again
    assert Verdict.objects.count() == 0
    assert run.shards.get().status == "cancelled"


@pytest.mark.django_db
def test_shards_fit_what_is_in_flight():
    def critic(name: str, **more: int) -> int:
        asked = {"endpoint": "http://127.0.0.1:1/v1", **more}
        return shard_size(get_or_create_scorer(name, backend="critic", model="m", parameters=asked))

    assert critic("a") == 4 * 64
    assert critic("b", concurrency=1) == SHARD_SIZES["critic"]
    assert shard_size(builtin_scorer("arithmetic")) == SHARD_SIZES["checker"]
    pooled = get_or_create_scorer("pooled", backend="vllm-pooling", model="m")
    assert shard_size(pooled) == SHARD_SIZES["prm"]


def test_what_is_not_wanted_is_not_halved():
    def lost() -> None:
        raise Cancelled

    class Stopping:
        calls = 0

        def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
            self.calls += 1
            check_cancelled()
            return []

    backend = Stopping()
    with cancellable(lost), pytest.raises(Cancelled):
        evaluate_batch(backend, TRACES)
    assert backend.calls == 1
    check_cancelled()  # outside of the block nobody is stopped


def test_a_model_stops_between_two_batches(tmp_path: Path):
    unload_all()
    folder = make_tiny_prm(tmp_path)
    backend = load_backend(
        Recipe("qwen-prm", str(folder), "1", 0.5, {"device": "cpu", "batch_tokens": 1})
    )
    assert backend.window == 16  # type: ignore[attr-defined]
    asked = []

    def lost_after_three() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise Cancelled

    with cancellable(lost_after_three), pytest.raises(Cancelled):
        backend.judge(TRACES)
    assert len(backend.judge(TRACES)) == len(TRACES)


@pytest.fixture
def slow_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "127.0.0.1")
    monkeypatch.setattr(batch_outcomes, "WATCH_SECONDS", 0.01)
    released = threading.Event()

    def reply(_: dict) -> object:
        released.wait(20)
        return completion("\\boxed{-1}")

    with serving(reply) as server:  # type: ignore[arg-type]
        yield server
        released.set()


def test_a_critic_stops_while_it_waits_for_answers(slow_server: OpenAIServer):
    critic = load_backend(Recipe("critic", "critic-7b", "", None, {"endpoint": slow_server.url}))

    def lost() -> None:
        if slow_server.in_flight == len(TRACES):
            raise Cancelled

    with cancellable(lost), pytest.raises(Cancelled):
        critic.judge(TRACES)
    assert slow_server.most_in_flight == len(TRACES)


def test_a_critic_that_cannot_go_on_says_so_while_it_is_watched():
    def fine() -> None:
        return None

    with serving(completion("\\boxed{-1}")) as server:
        recipe = Recipe("critic", "critic-7b", "", None, {"endpoint": server.url})
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("MISSTEP_ENDPOINTS", "127.0.0.1")
            critic = load_backend(recipe)
            with cancellable(fine):
                assert [f.earliest_error for f in critic.judge(TRACES)] == [-1] * len(TRACES)
                assert critic.judge([]) == []
    with cancellable(fine), pytest.raises(BackendError):
        critic.judge(TRACES[:1])


def test_every_judge_that_asks_others_takes_whole_shards():
    for name, known in BACKENDS.items():
        if known.kind != "critic" and name != "vllm-pooling":
            continue
        module, _, kind = known.path.rpartition(".")
        found = getattr(__import__(module, fromlist=[kind]), kind)
        assert found.window is None, name
