"""A dataset as research has it, small: several judges, generators, attempts, gaps and scores."""

import math
import random
from dataclasses import dataclass

from metrics.summaries import refresh
from tests import factories
from traces.models import Dataset, Judge, Trace, Verdict

GENERATORS = ("writer", "<b>poet</b> & co")
HOSTILE = "</td><script>alert(1)</script>"


@dataclass(frozen=True, slots=True)
class World:
    dataset: Dataset
    reference: Judge
    prm: Judge
    critic: Judge
    people: tuple[Judge, Judge]
    traces: list[Trace]


def make_world(seed: int = 7, *, traces: int = 60, name: str = "bench") -> World:
    """Make a dataset with up-to-date summaries; one trace was re-split and counts nowhere."""
    choose = random.Random(seed)
    dataset = factories.make_dataset(name)
    reference = factories.make_reference_judge(dataset)
    prm = factories.make_scorer("prm-" + name, threshold=0.5).judge
    critic = Judge.objects.create(kind=Judge.Kind.MODEL, name=f"critic {HOSTILE} {name}")
    people = tuple(
        Judge.objects.create(kind="human", name=user.username, user=user)
        for user in (factories.make_user(f"ana-{name}"), factories.make_user(f"ben-{name}"))
    )
    made = []
    for number in range(traces + 1):
        trace = factories.make_trace(
            dataset,
            subset=("gsm8k", "math")[number % 2],
            problem=f"{name} problem {number // 3}",
            generator=GENERATORS[choose.random() < 0.4],
            external_id=f"{name}-{number}",
            steps=[f"step {i}" for i in range(choose.randint(2, 8))],
            final_answer_correct=choose.choice([True, False, None]),
        )
        _judge(trace, choose, reference, prm, critic, people)
        made.append(trace)
    old = made.pop()
    Trace.objects.filter(pk=old.pk).update(is_current_segmentation=False)
    refresh.update()
    return World(dataset, reference, prm, critic, people, made)


def _judge(
    trace: Trace,
    choose: random.Random,
    reference: Judge,
    prm: Judge,
    critic: Judge,
    people: tuple[Judge, ...],
) -> None:
    label = choose.choice([-1, choose.randint(0, trace.step_count - 1)])
    kind = choose.choice(["", "arithmetic", HOSTILE]) if label >= 0 else ""
    factories.make_verdict(trace, reference, label, error_type=kind)
    scores = [choose.randint(0, 10) / 10 for _ in range(trace.step_count)]
    said = next((i for i, score in enumerate(scores) if score < 0.5), -1)
    factories.make_verdict(trace, prm, said, scores=scores)
    if choose.random() < 0.8:
        answer = choose.choice([label, label, -1, None])
        verdict = factories.make_verdict(trace, critic, answer)
        Verdict.objects.filter(pk=verdict.pk).update(confidence=choose.choice([0.5, 0.75, 1.0]))
    for person in people:
        if choose.random() < 0.5:
            verdict = factories.make_verdict(trace, person, choose.choice([label, label, -1]))
            Verdict.objects.filter(pk=verdict.pk).update(
                origin="review", origin_id=choose.choice([3, 4]), inclusion_probability=0.5
            )


def current_verdicts(judge: Judge) -> dict[int, Verdict]:
    """Return the judge's verdicts that count, by trace."""
    verdicts = Verdict.objects.filter(
        judge=judge, is_current=True, trace__is_current_segmentation=True
    )
    return {verdict.trace_id: verdict for verdict in verdicts}


def verdict_pairs(world: World, judge: Judge) -> list[tuple[Trace, Verdict, Verdict]]:
    """Return each trace that the judge judged, with the reference's verdict and the judge's."""
    labels, verdicts = current_verdicts(world.reference), current_verdicts(judge)
    return [
        (trace, labels[trace.pk], verdicts[trace.pk])
        for trace in world.traces
        if trace.pk in verdicts
    ]


def as_rating(label: int | None) -> float:
    """Return a label as agreement takes it: NaN for no usable answer."""
    return math.nan if label is None else float(label)


def reference_labels(world: World) -> dict[int, int]:
    labels = Verdict.objects.filter(judge=world.reference, is_current=True)
    return dict(labels.values_list("trace_id", "earliest_error"))


def traces_of(world: World, generator: str) -> list[Trace]:
    return [trace for trace in world.traces if trace.generator.name == generator]
