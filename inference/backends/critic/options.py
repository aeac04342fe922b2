"""The parameters of a critic."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from inference.backends.chat.options import ChatOptions, complete_options, options_of
from inference.backends.critic.prompts import DEFAULT, check_template
from inference.backends.critic.second_thought import MISTAKES
from inference.backends.interface import BackendError, Recipe


class CriticOptions(ChatOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Parameters of a critic.

    `rethink` is how often a critic may revise a review; `mistakes` is the list of known mistakes
    that it checks the review against.
    """

    prompt: str = DEFAULT
    parse: Literal["paper", "tolerant"] = "paper"
    structured: Literal["none", "response_format", "structured_outputs"] = "none"
    rethink: Annotated[int, Meta(ge=0, le=24)] = 0
    mistakes: str = ""


def critic_options(recipe: Recipe) -> CriticOptions:
    """Return the critic's checked options. Raises BackendError."""
    options = options_of(recipe, CriticOptions)
    check_template(options.prompt)
    if options.mistakes and not options.rethink:
        raise BackendError("A list of mistakes is for rethinking; set rethink to 1 or more.")
    if options.rethink and not options.mistakes:
        options = msgspec.structs.replace(options, mistakes=MISTAKES)
    return options


def critic_parameters(recipe: Recipe) -> dict[str, Any]:
    return complete_options(critic_options(recipe))
