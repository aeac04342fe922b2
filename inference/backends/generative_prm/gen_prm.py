r"""GenPRM: a model that analyses one step after another and judges each with Yes or No.

After "GenPRM: Scaling Test-Time Compute of Process Reward Models via Generative Reasoning" (arXiv
2504.00891) and the code of RyanLiu112/GenPRM. The trace is a conversation, a turn a step, and the
model's judgement of each step stays in it. Every turn is begun for the model, first its analysis,
then its judgement. Between the two the model would write a program and be shown what it prints.
That part is left out here: the text of a model is never run, and the authors' own setting without
it is what this backend computes.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from msgspec import Meta

from inference.backends.chat.backend import ChatBackend
from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.chat.options import ChatOptions, complete_options, options_of
from inference.backends.chat.replies import Choice
from inference.backends.chat.text_sampling import Message, output_of, sample_texts
from inference.backends.chat.word_confidence import word_confidence
from inference.backends.generative_prm.step_verdicts import StepVerdicts, combined
from inference.backends.interface import Finding, Output, Recipe, TraceText

# What the model was trained on, to the letter.
SYSTEM = (
    "You are a math teacher. Your task is to review and critique the paragraphs in solution step "
    "by step."
)
ANALYSIS = "<analyze>\nLet's analyze the Paragraph {number} step by step: "
ANALYSED = "</analyze>\n"
JUDGEMENT = "<output>\n**Judgement**: $\\boxed"
JUDGED = "</output>\n"
VERDICT = re.compile(r"^\{\s*(?:\\text\{\s*)?(yes|no)\b", re.IGNORECASE)
# A judgement is "{Yes}$", and the authors allow it as many.
JUDGEMENT_TOKENS = 20
LIKELIEST = 20
# The model goes on with the text that was begun for it.
CONTINUE = {"continue_final_message": True, "add_generation_prompt": False}


class GenPrmOptions(ChatOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """As the authors sample. `max_tokens` bounds the analysis of one step."""

    system: str = SYSTEM
    temperature: Annotated[float, Meta(ge=0, le=10)] = 0.6
    top_p: Annotated[float, Meta(gt=0, le=1)] = 0.95
    top_k: Annotated[int, Meta(ge=0)] = 20
    max_tokens: Annotated[int, Meta(ge=1)] = 2048


def gen_prm_parameters(recipe: Recipe) -> dict[str, Any]:
    """Return the complete parameters. Raises BackendError."""
    return complete_options(options_of(recipe, GenPrmOptions))


@dataclass(frozen=True, slots=True)
class Turn:
    """A sample's judgement of one step.

    `score` is None if it is neither Yes nor No; `tokens` are those of the judgement, without the
    analysis.
    """

    text: str
    score: float | None
    output: Output
    tokens: int


class GenPrmBackend(ChatBackend):
    def __init__(self, recipe: Recipe) -> None:
        self.options = options_of(recipe, GenPrmOptions)
        self.threshold = 0.5 if recipe.threshold is None else recipe.threshold
        super().__init__(ModelEndpoint(recipe, self.options))

    async def evaluate(self, session: Session, trace: TraceText) -> Finding:
        said: list[Message] = [{"role": "system", "content": self.options.system}]
        judged: list[list[Turn]] = []
        tokens = 0
        for index, step in enumerate(trace.steps):
            shown = f"{trace.problem}\n{step}" if index == 0 else step
            said.append({"role": "user", "content": shown})
            turns, spent = await self._turns(session, said, index)
            judged.append(turns)
            tokens += spent
            # Every sample of the next step follows the first of this one, as in the authors' code.
            said.append({"role": "assistant", "content": turns[0].text})
        return self._finding(judged, tokens)

    async def _turns(
        self, session: Session, said: Sequence[Message], step: int
    ) -> tuple[list[Turn], int]:
        """Return the samples' judgements of one step, and the tokens used."""
        opening = ANALYSIS.format(number=step + 1)
        analysed = await sample_texts(
            session,
            self.options,
            [*said, {"role": "assistant", "content": opening}],
            count=self.options.samples,
            more={**CONTINUE, "stop": [ANALYSED]},
        )
        analyses = [opening + choice.text + ANALYSED for choice in analysed.choices]
        turns = await asyncio.gather(
            *(
                self._judgement(session, said, analysis, step=step, sample=sample)
                for sample, analysis in enumerate(analyses)
            )
        )
        return list(turns), analysed.tokens + sum(turn.tokens for turn in turns)

    async def _judgement(
        self, session: Session, said: Sequence[Message], analysis: str, *, step: int, sample: int
    ) -> Turn:
        begun = analysis + JUDGEMENT
        reply = await sample_texts(
            session,
            self.options,
            [*said, {"role": "assistant", "content": begun}],
            seed=self.options.seed + sample,
            more={**CONTINUE, **self._judging},
        )
        choice = reply.choices[0]
        found = VERDICT.match(choice.text)
        text = begun + choice.text + JUDGED
        output = output_of(choice, sample=sample, step=step, label=found[1] if found else "")
        return Turn(text, _score(choice, found), replace(output, text=text), reply.tokens)

    @property
    def _judging(self) -> dict[str, Any]:
        return {
            "stop": [JUDGED],
            self.options.max_tokens_field: JUDGEMENT_TOKENS,
            "logprobs": True,
            "top_logprobs": LIKELIEST,
        }

    def _finding(self, judged: Sequence[Sequence[Turn]], tokens: int) -> Finding:
        """Return the finding from each step's samples.

        A sample without a Yes or No somewhere is left out. The authors count it as undecided, 0.5,
        which the model never said.
        """
        outputs = tuple(turn.output for turns in judged for turn in turns)
        samples = [
            StepVerdicts([score for score in scores if score is not None])
            for scores in zip(*([turn.score for turn in turns] for turns in judged), strict=True)
            if None not in scores
        ]
        if not samples:
            failure = "The model judged a step with neither Yes nor No."
            return Finding(None, failure=failure, outputs=outputs, tokens=tokens)
        found = combined(
            samples, steps=len(judged), threshold=self.threshold, asked=self.options.samples
        )
        return Finding(
            found.earliest_error,
            scores=found.scores,
            confidence=found.confidence,
            outputs=outputs,
            tokens=tokens,
        )


def _score(choice: Choice, found: re.Match[str] | None) -> float | None:
    """Return the probability of Yes against No at the judgement.

    Without log-probabilities it is 1 or 0, so that the mean over samples is their share.
    """
    if found is None:
        return None
    spelled = VERDICT.match(choice.token_text)
    sure = word_confidence(choice, spelled.start(1), right="yes", wrong="no") if spelled else None
    return float(found[1].lower() == "yes") if sure is None else sure
