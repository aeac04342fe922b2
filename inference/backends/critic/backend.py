"""The backend `critic`: asks a language model for the first wrong paragraph, and reads its answer.

It asks once at temperature 0, or several times with a vote. Every text is kept unchanged.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from inference.backends.chat.backend import ChatBackend
from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.chat.replies import Choice
from inference.backends.chat.text_sampling import (
    Message,
    output_of,
    sample_texts,
    start_conversation,
)
from inference.backends.critic import structured_output
from inference.backends.critic.answer_parser import EXTRACTS, parse_number
from inference.backends.critic.options import CriticOptions, critic_options
from inference.backends.critic.prompts import fill_template
from inference.backends.critic.second_thought import rethink_review
from inference.backends.critic.vote import vote
from inference.backends.interface import NO_ERROR, Finding, Output, Recipe, TraceText


@dataclass(frozen=True, slots=True)
class Samples:
    """A trace's samples: the texts that answer, all texts, and the tokens used."""

    answers: list[Choice]
    outputs: list[Output]
    tokens: int


class CriticBackend(ChatBackend):
    def __init__(self, recipe: Recipe) -> None:
        self.options: CriticOptions = critic_options(recipe)
        super().__init__(ModelEndpoint(recipe, self.options))

    async def evaluate(self, session: Session, trace: TraceText) -> Finding:
        question = fill_template(self.options.prompt, trace)
        more: dict[str, Any] = {}
        if self._is_json:
            question += structured_output.QUESTION
            more = structured_output.request_fields(self.options.structured, len(trace.steps))
        messages = start_conversation(self.options, question)
        if self.options.rethink:
            drawn = await self._rethink(session, messages, more)
        else:
            drawn = await self._ask(session, messages, more)
        return self._finding(drawn, steps=len(trace.steps))

    @property
    def _is_json(self) -> bool:
        return self.options.structured != "none"

    async def _ask(
        self, session: Session, messages: Sequence[Message], more: dict[str, Any]
    ) -> Samples:
        options = self.options
        reply = await sample_texts(session, options, messages, count=options.samples, more=more)
        outputs = [output_of(c, sample=number) for number, c in enumerate(reply.choices)]
        return Samples(list(reply.choices), outputs, reply.tokens)

    async def _rethink(
        self, session: Session, messages: Sequence[Message], more: dict[str, Any]
    ) -> Samples:
        options = self.options
        chains = await asyncio.gather(
            *(
                rethink_review(
                    session, options, messages, times=options.rethink, mistakes=options.mistakes,
                    sample=sample, more=more,
                )
                for sample in range(options.samples)
            )
        )  # fmt: skip
        outputs = [output for _, written, _ in chains for output in written]
        return Samples([last for last, _, _ in chains], outputs, sum(t for _, _, t in chains))

    def _extract(self, text: str) -> str | None:
        if self._is_json:
            return structured_output.json_answer(text)
        return EXTRACTS[self.options.parse](text)

    def _finding(self, drawn: Samples, *, steps: int) -> Finding:
        answers = [self._extract(choice.text) for choice in drawn.answers]
        voted = vote(answers)
        number = parse_number(voted.answer)
        kept = Finding(None, outputs=self._labelled(drawn.outputs), tokens=drawn.tokens)
        if failure := self._failure(drawn, voted.answer, number, steps):
            return replace(kept, failure=failure)
        first = drawn.answers[answers.index(voted.answer)].text
        return replace(
            kept,
            earliest_error=number,
            explanation=structured_output.json_critique(first) if self._is_json else first.strip(),
            confidence=voted.share if len(answers) > 1 else None,
        )

    def _labelled(self, outputs: Sequence[Output]) -> tuple[Output, ...]:
        """Return the outputs, with the answer as label of each that has none yet."""
        return tuple(
            output if output.label else replace(output, label=self._extract(output.text) or "")
            for output in outputs
        )

    def _failure(self, drawn: Samples, answer: str | None, number: int | None, steps: int) -> str:
        """Return the reason why there is no usable answer, or an empty string."""
        box = "JSON object" if self._is_json else "\\boxed{}"
        if answer is None:
            if all(choice.finish_reason == "length" for choice in drawn.answers):
                return "The model's answer was cut off for its length before it named a paragraph."
            if not any(choice.text.strip() for choice in drawn.answers):
                return "The model's answer is empty."
            return f"The model's answer has no {box} with a number."
        if number is None:
            return f"What the model put into the {box} is no number."
        if not NO_ERROR <= number < steps:
            return "The model named a paragraph that the trace does not have."
        return ""
