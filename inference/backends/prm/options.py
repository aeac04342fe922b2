"""The parameters of process reward models that run in the worker; the web process reads them too.

A recipe keeps the common ones as they were given: the worker chooses the missing ones by its
device. Parameters that change the model's input are always written down.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from inference.backends.interface import BackendError, Recipe


class PrmOptions(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Parameters of every family.

    `device` is as torch names it; `dtype` auto is float32 on a CPU, bfloat16 on a GPU;
    `batch_tokens` is the most tokens of a padded batch, None for the device's default.
    """

    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    batch_tokens: Annotated[int, Meta(ge=1)] | None = None


class QwenPrmOptions(PrmOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`system` is the system's turn, empty for none, None for that of the model card."""

    system: str | None = None


class TrlPrmOptions(PrmOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`separator` is what ended a step in training: TRL's own, unless that was told another."""

    separator: Annotated[str, Meta(min_length=1)] = "\n"


# The families that have more than the common ones.
OPTIONS: dict[str, type[PrmOptions]] = {
    "qwen-prm": QwenPrmOptions,
    "pure-prm": TrlPrmOptions,
    "trl-prm": TrlPrmOptions,
}


def prm_options(recipe: Recipe) -> PrmOptions:
    """Return the family's options. Raises BackendError with a sentence for the lead."""
    kind = OPTIONS.get(recipe.backend, PrmOptions)
    try:
        return msgspec.convert(recipe.parameters or {}, kind)
    except msgspec.ValidationError as error:
        said = str(error).replace("Object ", "").replace("`$.", "`").replace("$.", "")
        raise BackendError(
            f"The parameters of the backend {recipe.backend!r} can't be used: {said}. "
            f"It has {', '.join(sorted(kind.__struct_fields__))}."
        ) from error


def prm_parameters(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe's parameters, checked and with the separator."""
    options = prm_options(recipe)
    separator = {"separator": options.separator} if isinstance(options, TrlPrmOptions) else {}
    return {**(recipe.parameters or {}), **separator}
