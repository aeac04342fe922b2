"""Plain rows for these tests: a labelled dataset, judges, verdicts."""

from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

from accounts.models import User
from traces.models import Dataset, Generator, Judge, Problem, Trace, Verdict


def make_dataset(name: str = "bench") -> tuple[Dataset, Judge]:
    """A dataset and its reference judge."""
    dataset = Dataset.objects.create(name=name)
    judge = Judge.objects.create(kind=Judge.Kind.REFERENCE, name=name, dataset=dataset)
    return dataset, judge


def make_model(name: str) -> Judge:
    return Judge.objects.create(kind=Judge.Kind.MODEL, name=name)


def make_user(name: str, role: str = User.Role.ANNOTATOR) -> User:
    return User.objects.create_user(username=name, password="x", role=role)


def make_problem(dataset: Dataset, subset: str, text: str) -> Problem:
    return Problem.objects.create(
        dataset=dataset, subset=subset, text=text, content_hash=_hash(text)
    )


def make_trace(
    problem: Problem,
    external_id: str,
    *,
    steps: int = 5,
    generator: str = "writer-7b",
    final_answer_correct: bool | None = None,
) -> Trace:
    return Trace.objects.create(
        dataset=problem.dataset,
        problem=problem,
        generator=Generator.objects.get_or_create(name=generator)[0],
        external_id=external_id,
        steps=[f"step {i}" for i in range(steps)],
        step_count=steps,
        final_answer_correct=final_answer_correct,
        content_hash=_hash(external_id),
    )


def make_verdict(
    judge: Judge, trace: Trace, earliest_error: int | None, *, error_type: str = ""
) -> Verdict:
    return Verdict.objects.create(
        trace=trace,
        step_count=trace.step_count,
        judge=judge,
        earliest_error=earliest_error,
        error_type=error_type,
        failure="" if earliest_error is not None else "no answer",
        origin=Verdict.Origin.IMPORT,
    )


def label_traces(
    dataset: Dataset, reference: Judge, subset: str, labels: Sequence[int], *, generator: str = "g"
) -> list[Trace]:
    """One problem and one labelled trace of five steps for each label."""
    traces = []
    for i, label in enumerate(labels):
        name = f"{dataset.name}-{subset}-{generator}-{i}"
        problem = make_problem(dataset, subset, name)
        trace = make_trace(problem, name, generator=generator, final_answer_correct=label == -1)
        make_verdict(reference, trace, label)
        traces.append(trace)
    return traces


def judge_traces(judge: Judge, traces: Sequence[Trace], found: Sequence[int | None]) -> None:
    for trace, earliest_error in zip(traces, found, strict=True):
        make_verdict(judge, trace, earliest_error)


def _hash(text: str) -> UUID:
    return UUID(bytes=blake2b(text.encode(), digest_size=16).digest())
