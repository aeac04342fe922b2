"""R-PRM: a model that is asked about one step at a time, several times, and answers Yes or No.

After "R-PRM: Reasoning-Driven Process Reward Modeling" (arXiv 2503.21295). A step's score is the
share of the samples that call it right. The prompt is the model's own and comes from its card or
its code: a template with places for the question, the steps before, and the step.
"""

import asyncio
import re
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any

from msgspec import Meta

from inference.backends.chat.backend import ChatBackend
from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.chat.options import ChatOptions, complete_options, options_of
from inference.backends.chat.text_sampling import output_of, sample_texts, start_conversation
from inference.backends.generative_prm.step_verdicts import first_below
from inference.backends.interface import BackendError, Finding, Output, Recipe, TraceText

FIELDS = {"question", "previous_steps", "now_step"}
VERDICT = re.compile(r"Is the step correct \(Yes/No\)\?\W*(yes|no)\b", re.IGNORECASE)


class RPrmOptions(ChatOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """As the authors sample; `prompt` has {question}, {previous_steps} and {now_step}."""

    prompt: str = ""
    samples: Annotated[int, Meta(ge=1, le=64)] = 10
    temperature: Annotated[float, Meta(ge=0, le=10)] = 0.7
    top_p: Annotated[float, Meta(gt=0, le=1)] = 0.8
    top_k: Annotated[int, Meta(ge=0)] = 20


def r_prm_options(recipe: Recipe) -> RPrmOptions:
    """Return the checked options. Raises BackendError."""
    options = options_of(recipe, RPrmOptions)
    try:
        places = {place[1] for place in Formatter().parse(options.prompt) if place[1] is not None}
    except ValueError as error:
        raise BackendError(f"The prompt can't be read as a format string: {error}.") from error
    if places != FIELDS:
        raise BackendError(
            "The prompt of r-prm is the model's own, with the places {question}, "
            "{previous_steps} and {now_step} and no others; other braces are written twice."
        )
    return options


def r_prm_parameters(recipe: Recipe) -> dict[str, Any]:
    """Return the complete parameters. Raises BackendError."""
    return complete_options(r_prm_options(recipe))


@dataclass(frozen=True, slots=True)
class Step:
    """What the samples say of one step. `score` is None where none says Yes or No."""

    score: float | None
    outputs: list[Output]
    tokens: int


class RPrmBackend(ChatBackend):
    def __init__(self, recipe: Recipe) -> None:
        self.options = r_prm_options(recipe)
        self.threshold = 0.5 if recipe.threshold is None else recipe.threshold
        super().__init__(ModelEndpoint(recipe, self.options))

    async def evaluate(self, session: Session, trace: TraceText) -> Finding:
        steps = await asyncio.gather(
            *(self._step(session, trace, index) for index in range(len(trace.steps)))
        )
        outputs = tuple(output for step in steps for output in step.outputs)
        tokens = sum(step.tokens for step in steps)
        scores = [step.score for step in steps if step.score is not None]
        if len(scores) != len(steps):
            failure = "The model judged a step with neither Yes nor No."
            return Finding(None, failure=failure, outputs=outputs, tokens=tokens)
        error = first_below(scores, self.threshold, len(steps))
        return Finding(error, scores=scores, outputs=outputs, tokens=tokens)

    async def _step(self, session: Session, trace: TraceText, index: int) -> Step:
        question = self.options.prompt.format(
            question=trace.problem,
            previous_steps="\n".join(trace.steps[:index]),
            now_step=trace.steps[index],
        )
        asked = start_conversation(self.options, question)
        reply = await sample_texts(session, self.options, asked, count=self.options.samples)
        said = [verdict_of(choice.text) for choice in reply.choices]
        votes = [word == "yes" for word in said if word]
        outputs = [
            output_of(choice, sample=sample, step=index, label=word)
            for sample, (choice, word) in enumerate(zip(reply.choices, said, strict=True))
        ]
        return Step(sum(votes) / len(votes) if votes else None, outputs, reply.tokens)


def verdict_of(text: str) -> str:
    """Return the last verdict of the text, yes or no; empty without one."""
    found = VERDICT.findall(text)
    return found[-1].lower() if found else ""
