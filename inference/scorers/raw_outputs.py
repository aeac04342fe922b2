"""What a scorer's model wrote about a trace, as a page shows it under the verdict."""

from dataclasses import dataclass

from inference.models import RawOutput
from traces.datasets.trace_page import finding_in_words
from traces.models import Verdict


@dataclass(frozen=True, slots=True)
class OutputReading:
    """One text of a model.

    `said` is the answer parsed from it, as text; `is_open` if it is shown unfolded: the first that
    agrees with the verdict.
    """

    output: RawOutput
    title: str
    said: str
    is_open: bool


def outputs_of(verdict: Verdict) -> list[OutputReading]:
    """Return the verdict's outputs, in one query."""
    outputs = list(verdict.raw_outputs.order_by("number"))
    samples = len({output.sample for output in outputs})
    shown = _shown(verdict, outputs)
    return [
        OutputReading(
            output=output,
            title=_title(output, samples),
            said=_said(output),
            is_open=output is shown,
        )
        for output in outputs
    ]


def _shown(verdict: Verdict, outputs: list[RawOutput]) -> RawOutput | None:
    error = verdict.earliest_error
    agreeing = [
        output
        for output in outputs
        if output.label == str(error) or (output.step is not None and output.step == error)
    ]
    return next(iter(agreeing or outputs), None)


def _title(output: RawOutput, samples: int) -> str:
    parts = [
        f"step {output.step + 1}" if output.step is not None else "",
        output.part,
        f"sample {output.sample + 1}" if samples > 1 else "",
    ]
    return ", ".join(part for part in parts if part) or "model output"


def _said(output: RawOutput) -> str:
    """Return the parsed answer as text: a paragraph by the page's count, other labels unchanged."""
    if not output.label:
        return "no answer found"
    digits = output.label.removeprefix("-")
    if output.step is None and digits.isascii() and digits.isdigit():
        return finding_in_words(int(output.label))
    is_word = output.label.replace(" ", "").isalpha()
    return output.label if is_word else f"“{output.label}”"
