"""Real rows from plain functions."""

from itertools import count

from accounts.models import User
from inference.models import Scorer
from traces.hashing import problem_hash, trace_hash
from traces.models import Dataset, Generator, Judge, Problem, Trace, Verdict

_numbers = count(1)


def make_user(name: str = "", *, role: str = "annotator") -> User:
    return User.objects.create_user(
        username=name or f"person-{next(_numbers)}", password="a long word", role=role
    )


def make_dataset(name: str = "") -> Dataset:
    return Dataset.objects.create(name=name or f"dataset-{next(_numbers)}")


def make_trace(
    dataset: Dataset | None = None,
    *,
    steps: list[str] | None = None,
    problem: str = "",
    subset: str = "",
    generator: str = "model-a",
    external_id: str = "",
    final_answer_correct: bool | None = None,
    reference_solution: str | None = None,
) -> Trace:
    """Make a trace; the same problem text in the same dataset and subset is one problem."""
    dataset = dataset or make_dataset()
    number = next(_numbers)
    steps = steps or ["First, 2 + 2 = 4.", "Then 4 + 1 = 6.", "So the answer is 6."]
    text = problem or f"What is problem {number}?"
    found, _ = Problem.objects.get_or_create(
        dataset=dataset,
        subset=subset,
        content_hash=problem_hash(text),
        defaults={"text": text, "reference_solution": reference_solution},
    )
    maker, _ = Generator.objects.get_or_create(name=generator, revision="")
    return Trace.objects.create(
        dataset=dataset,
        problem=found,
        generator=maker,
        external_id=external_id or f"trace-{number}",
        steps=steps,
        step_count=len(steps),
        content_hash=trace_hash(text, generator, "", steps),
        final_answer_correct=final_answer_correct,
    )


def make_reference_judge(dataset: Dataset) -> Judge:
    judge, _ = Judge.objects.get_or_create(
        dataset=dataset, defaults={"kind": "reference", "name": dataset.name}
    )
    return judge


def make_scorer(name: str = "", *, threshold: float | None = None) -> Scorer:
    name = name or f"scorer-{next(_numbers)}"
    judge = Judge.objects.create(kind="model", name=name)
    kind = "checker" if threshold is None else "prm"
    backend = "arithmetic" if threshold is None else "qwen-prm"
    return Scorer.objects.create(
        name=name, kind=kind, backend=backend, threshold=threshold, judge=judge
    )


def make_verdict(
    trace: Trace,
    judge: Judge,
    earliest_error: int | None,
    *,
    scores: list[float] | None = None,
    error_type: str = "",
    explanation: str = "",
    correction: str = "",
) -> Verdict:
    return Verdict.objects.create(
        trace=trace,
        step_count=trace.step_count,
        judge=judge,
        earliest_error=earliest_error,
        scores=scores,
        error_type=error_type,
        explanation=explanation,
        correction=correction,
        failure="no usable answer" if earliest_error is None else "",
        origin="import",
    )


def label(trace: Trace, earliest_error: int, **fields: str) -> Verdict:
    """Give a trace its dataset's reference label."""
    return make_verdict(trace, make_reference_judge(trace.dataset), earliest_error, **fields)
