"""Labelled datasets and judges for these tests."""

from collections.abc import Sequence

from tests import factories
from traces.models import Dataset, Judge, Trace

LABELS = [-1, -1, -1, 0, 1, 1, 4]
FOUND = [-1, 2, -1, 0, 0, -1, None]


def make_dataset(name: str = "bench") -> tuple[Dataset, Judge]:
    """Make a dataset and its reference judge."""
    dataset = factories.make_dataset(name)
    return dataset, factories.make_reference_judge(dataset)


def make_model(name: str) -> Judge:
    """Make a model's judge without a scorer."""
    return Judge.objects.create(kind=Judge.Kind.MODEL, name=name)


def make_trace(
    dataset: Dataset,
    external_id: str,
    *,
    problem: str = "",
    steps: int = 5,
    final_answer_correct: bool | None = None,
) -> Trace:
    """Make a trace of that many steps in the subset "s"."""
    return factories.make_trace(
        dataset,
        subset="s",
        problem=problem,
        external_id=external_id,
        steps=[f"step {i}" for i in range(steps)],
        final_answer_correct=final_answer_correct,
    )


def label_traces(
    dataset: Dataset, reference: Judge, subset: str, labels: Sequence[int], *, generator: str = "g"
) -> list[Trace]:
    """Make one problem and one labelled trace of five steps for each label."""
    traces = []
    for i, label in enumerate(labels):
        trace = factories.make_trace(
            dataset,
            subset=subset,
            generator=generator,
            external_id=f"{dataset.name}-{subset}-{generator}-{i}",
            steps=[f"step {i}" for i in range(5)],
            final_answer_correct=label == -1,
        )
        factories.make_verdict(trace, reference, label)
        traces.append(trace)
    return traces


def judge_traces(judge: Judge, traces: Sequence[Trace], found: Sequence[int | None]) -> None:
    for trace, earliest_error in zip(traces, found, strict=True):
        factories.make_verdict(trace, judge, earliest_error)
