"""Process reward models through the pooling endpoint of a vLLM server.

The worker starts the server, or asks the one that `endpoint` names. Either way the tokens are made
here, exactly as for a model in this process, and the server gives the scores at the separators.
"""

import json
import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from inference.backends.chat.backend import ChatBackend
from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.chat.options import ServerOptions, complete_options, server_options_of
from inference.backends.interface import BackendError, Finding, Recipe, TraceText
from inference.backends.prm.inputs import MathShepherdText, PrmText, QwenText, finding_from_scores
from inference.backends.prm.model_folders import resolve_model_folder
from inference.backends.vllm.server_spec import ServerSpec

# One row of numbers a token; only the rows at the separators are kept.
TASK = "token_classify"


class PoolingOptions(ServerOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`form` is how the model reads a trace."""

    form: Literal["qwen", "math-shepherd"] = "qwen"


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of PRM is served.

    The last of the `columns` numbers of a step says how right it is. `overrides` change the model's
    configuration.
    """

    text: type[PrmText]
    columns: int
    convert: str = ""
    overrides: dict[str, Any] = field(default_factory=dict)


FORMS = {
    # Its architecture in vLLM gives two probabilities at a separator: wrong, right.
    "qwen": Form(QwenText, columns=2),
    # Of a language model vLLM pools hidden states, and picking two of those for the two tokens, as
    # its documentation has it, gives numbers that mean nothing. As a classifier whose one row is
    # the difference of the tokens' rows, its sigmoid is the softmax over the two.
    "math-shepherd": Form(
        MathShepherdText,
        columns=1,
        convert="classify",
        overrides={
            "classifier_from_token": [MathShepherdText.wrong, MathShepherdText.right],
            "method": "from_2_way_softmax",
        },
    ),
}


class VllmPoolingBackend(ChatBackend):
    def __init__(self, recipe: Recipe) -> None:
        options = pooling_options(recipe)
        self.threshold = 0.5 if recipe.threshold is None else recipe.threshold
        self.form = FORMS[options.form]
        folder = resolve_model_folder(recipe.model, recipe.revision, weights=bool(options.serve))
        self.text = self.form.text(folder)
        spec = ServerSpec(
            model=recipe.model,
            folder=folder,
            runner="pooling",
            dtype=options.dtype,
            max_model_len=options.max_model_len,
            tensor_parallel=options.tensor_parallel,
            pooler=json.dumps(
                {"task": TASK, "pooling_type": "STEP", "step_tag_id": self.text.separator}
            ),
            convert=self.form.convert,
            overrides=json.dumps(self.form.overrides) if self.form.overrides else "",
        )
        self.model = recipe.model
        super().__init__(ModelEndpoint(recipe, options, spec=spec, at_root=True))
        self.context = _context(self.endpoint.model_info)

    async def evaluate(self, session: Session, trace: TraceText) -> Finding:
        ids = self.text.tokens_of(trace)
        if failure := self.text.unusable(trace, ids, self.context):
            return Finding(None, failure=failure)
        body = {"model": self.model, "input": ids, "task": TASK}
        scores = self._scores(await session.call("POST", "/pooling", body))
        if scores is None or len(scores) != len(trace.steps):
            failure = "The server's answer does not have one score for each step."
            return Finding(None, failure=failure, tokens=len(ids))
        return replace(finding_from_scores(scores, self.threshold), tokens=len(ids))

    def _scores(self, found: dict[str, Any]) -> list[float] | None:
        """Return one score a separator; None for any other answer."""
        data = found.get("data")
        rows = data[0].get("data") if isinstance(data, list) and len(data) == 1 else None
        if not isinstance(rows, list) or not all(self._is_row(row) for row in rows):
            return None
        return [float(row[-1]) for row in rows]

    def _is_row(self, row: Any) -> bool:
        return (
            isinstance(row, list)
            and len(row) == self.form.columns
            and all(isinstance(x, int | float) and math.isfinite(x) and 0 <= x <= 1 for x in row)
        )


def pooling_options(recipe: Recipe) -> PoolingOptions:
    """Return the options; without an endpoint the worker serves the model. Raises BackendError."""
    given = recipe.parameters or {}
    if not given.get("endpoint"):
        recipe = replace(recipe, parameters={"serve": "vllm"} | given)
    return server_options_of(recipe, PoolingOptions)


def pooling_parameters(recipe: Recipe) -> dict[str, Any]:
    return complete_options(pooling_options(recipe))


def _context(said: dict[str, Any]) -> int:
    context = said.get("max_model_len")
    if not isinstance(context, int):
        raise BackendError(
            "The endpoint does not say how many tokens its model reads; a vLLM server lists "
            "max_model_len under /v1/models."
        )
    return context
