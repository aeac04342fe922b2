"""The one interface between a scoring run and whatever does the judging.

A backend takes dataclasses and returns dataclasses. It knows no Django, no database and no status:
the task around it loads traces and records findings. An odd output of a model is a `Finding` with a
`failure`, not an exception; an exception means that the backend itself can't go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

NO_ERROR = -1


@dataclass(frozen=True, slots=True)
class TraceText:
    """What a judge gets to see of a trace. The answers are for checkers of answers alone."""

    problem: str
    steps: Sequence[str]
    reference_answer: str | None = None
    final_answer: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """One text that a model wrote about a trace, as it wrote it, with all that was read out of it.

    `sample` counts from 0 the times that the model was asked for the whole trace. `step` is the
    0-based step that the text is about, None where it is about them all; `part` names its place in
    a judge's several questions. `label` is what was parsed from it, before any vote; empty for
    nothing.
    """

    text: str
    sample: int = 0
    step: int | None = None
    part: str = ""
    label: str = ""
    finish_reason: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a judge says of one trace.

    `earliest_error` is 0-based, -1 for no error, None for no usable answer; `failure` then says why
    in a sentence. `scores` has exactly one number a step, or is None where the judge gives none.
    `tokens` is how many tokens a model read and wrote for it, those of every sample together; a
    failure counts its tokens too.
    `confidence` is the share of the samples that say what the finding says, 0 to 1, None where
    nobody voted; `outputs` are the texts it was read from, kept for a failure as well.
    `final_answer_correct` is said by checkers of answers; it fills in what the trace does not know.
    """

    earliest_error: int | None
    scores: Sequence[float] | None = None
    error_type: str = ""
    explanation: str = ""
    failure: str = ""
    tokens: int = 0
    confidence: float | None = None
    outputs: Sequence[Output] = ()
    final_answer_correct: bool | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a scorer's output: one recipe gives the same trace the same finding."""

    backend: str
    model: str = ""
    revision: str = ""
    threshold: float | None = None
    parameters: Any = None


class BackendError(Exception):
    """A backend that can't go on, whatever the trace: the text is a sentence for the lead."""


class Backend(Protocol):
    """A judge ready to work, its model loaded.

    Three things more it may have, and need not:

    - `device`: where its model computes, as torch names it, such as `cpu`, `cuda:0` or, of several,
      `cuda:0,cuda:1`. The workers' page shows it, and a second in `judge` counts one GPU-second for
      each CUDA device named. A backend that only asks another host has none.
    - `window`: how many traces it wants at once, None for all of a shard; 50 unless it says. Among
      more it batches and asks better. Between two windows the worker looks whether they are wanted
      still; a backend that takes longer than seconds over one calls `stop_if_unwanted` in between.
    - `close()`: gives back what outlives the object, such as a server of its own or a GPU's memory.
      Called once, before another scorer takes its place, after it has raised BackendError, and when
      the worker ends.
    """

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        """Return one finding a trace, in order."""
        ...
