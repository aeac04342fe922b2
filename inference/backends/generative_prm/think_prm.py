r"""ThinkPRM: a model that thinks about every step and ends each thought with a verdict.

After "Process Reward Models That Think" (arXiv 2504.16828) and the code of mukhal/ThinkPRM. The
model writes one text about the whole trace, with \boxed{correct} or \boxed{incorrect} for each step
in turn, and may stop at the first step that is wrong. A step's score is the probability of
"correct" at its verdict where the endpoint tells log-probabilities, else the share of the samples.
"""

import re
from collections.abc import Sequence
from typing import Any

from inference.backends.chat.backend import ChatBackend
from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.chat.options import ChatOptions, complete_options, options_of
from inference.backends.chat.replies import Choice
from inference.backends.chat.text_sampling import output_of, sample_texts, start_conversation
from inference.backends.chat.word_confidence import word_confidence
from inference.backends.generative_prm.step_verdicts import StepVerdicts, combined
from inference.backends.interface import Finding, Output, Recipe, TraceText
from inference.backends.prm.inputs import number_step

# What the model was trained on, to the letter.
QUESTION = """\
You are given a math problem and a proposed step-by-step solution:

[Math Problem]

{problem}

[Solution]

{solution}

Review and critique each step in the proposed solution to determine whether each step is correct. \
If the solution is incomplete, only verify the provided steps."""
OPENING = "<think>\n\nLet's verify step by step:"
VERDICT = re.compile(r"\\boxed\{\s*(?:\\text\{\s*)?(correct|incorrect)\b", re.IGNORECASE)
LIKELIEST = 5


class ThinkPrmOptions(ChatOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Parameters of ThinkPRM.

    `opening` begins the model's own text, as its chat template does. Without `logprobs` a step's
    score is the share of samples alone.
    """

    opening: str = OPENING
    logprobs: bool = True


def think_prm_parameters(recipe: Recipe) -> dict[str, Any]:
    """Return the complete parameters. Raises BackendError."""
    return complete_options(options_of(recipe, ThinkPrmOptions))


class ThinkPrmBackend(ChatBackend):
    def __init__(self, recipe: Recipe) -> None:
        self.options = options_of(recipe, ThinkPrmOptions)
        self.threshold = 0.5 if recipe.threshold is None else recipe.threshold
        super().__init__(ModelEndpoint(recipe, self.options))

    async def evaluate(self, session: Session, trace: TraceText) -> Finding:
        steps = len(trace.steps)
        reply = await sample_texts(
            session,
            self.options,
            [*start_conversation(self.options, question(trace)), self._opening()],
            count=self.options.samples,
            more=self._more(steps),
        )
        read = [verdicts_of(choice.text or choice.thinking) for choice in reply.choices]
        outputs = [
            output_of(choice, sample=number, label=labels(verdicts))
            for number, (choice, verdicts) in enumerate(zip(reply.choices, read, strict=True))
        ]
        samples = [
            StepVerdicts(scores_of(choice, verdicts))
            for choice, verdicts in zip(reply.choices, read, strict=True)
            if is_whole(verdicts, steps)
        ]
        if not samples:
            return _failure(reply.choices, outputs, reply.tokens)
        found = combined(samples, steps=steps, threshold=self.threshold, asked=len(reply.choices))
        return Finding(
            found.earliest_error,
            scores=found.scores,
            confidence=found.confidence,
            outputs=tuple(outputs),
            tokens=reply.tokens,
        )

    def _opening(self) -> dict[str, str]:
        return {"role": "assistant", "content": self.options.opening}

    def _more(self, steps: int) -> dict[str, Any]:
        """Return the fields that let the model continue the opening and stop after the steps."""
        stop = ["Is the solution correct?", "</think>", f"Step {steps + 1}:"]
        more = {"continue_final_message": True, "add_generation_prompt": False, "stop": stop}
        if self.options.logprobs:
            more |= {"logprobs": True, "top_logprobs": LIKELIEST}
        return more


def question(trace: TraceText) -> str:
    solution = "\n".join(number_step(step, number) for number, step in enumerate(trace.steps, 1))
    return QUESTION.format(problem=trace.problem, solution=solution)


def verdicts_of(text: str) -> list[bool]:
    """Return for each verdict whether it says correct, in order."""
    return [found[1].lower() == "correct" for found in VERDICT.finditer(text)]


def is_whole(verdicts: Sequence[bool], steps: int) -> bool:
    """Return whether there is one verdict a step, or they end at the first wrong step."""
    if len(verdicts) == steps:
        return True
    return 0 < len(verdicts) < steps and not verdicts[-1] and all(verdicts[:-1])


def scores_of(choice: Choice, verdicts: Sequence[bool]) -> list[float]:
    places = [found.start(1) for found in VERDICT.finditer(choice.token_text)]
    if len(places) != len(verdicts):
        return [float(verdict) for verdict in verdicts]
    return [
        float(verdict) if sure is None else sure
        for verdict, place in zip(verdicts, places, strict=True)
        for sure in [word_confidence(choice, place, right="correct", wrong="incorrect")]
    ]


def labels(verdicts: Sequence[bool]) -> str:
    return " ".join("correct" if verdict else "incorrect" for verdict in verdicts)


def _failure(choices: Sequence[Choice], outputs: Sequence[Output], tokens: int) -> Finding:
    cut = all(choice.finish_reason == "length" for choice in choices)
    return Finding(
        None,
        failure="The model's text was cut off for its length before it had judged every step."
        if cut
        else "The number of verdicts in the model's text is not the number of steps.",
        outputs=tuple(outputs),
        tokens=tokens,
    )
