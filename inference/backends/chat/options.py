"""The parameters of a scorer that asks an endpoint, checked and complete.

They become part of the recipe with every default written out, so that a recipe still means the same
when a default changes.
"""

import re
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from inference.backends.endpoints import base_url
from inference.backends.interface import BackendError, Recipe

# A key is named, never written down: who reads a recipe must not read a key.
KEY_VARIABLE = re.compile(r"MISSTEP_KEY_[A-Z0-9_]+")
# What a request is made of; `extra_body` is for the rest, such as chat_template_kwargs.
OWN_FIELDS = {"model", "messages", "n", "stream", "response_format", "structured_outputs"}


class ServerOptions(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The server of the model: an existing `endpoint`, or, with `serve`, the worker's own vLLM.

    `dtype`, `max_model_len` (0 for the model's own context) and `tensor_parallel` (the number of
    GPUs that share the model) describe the worker's server. `patience` bounds in seconds how long
    one request is retried; `timeout` is for one try.
    """

    endpoint: str = ""
    serve: Literal["", "vllm"] = ""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    max_model_len: Annotated[int, Meta(ge=0)] = 0
    tensor_parallel: Annotated[int, Meta(ge=1, le=64)] = 1
    api_key_env: str = ""
    concurrency: Annotated[int, Meta(ge=1, le=1024)] = 64
    timeout: Annotated[float, Meta(gt=0, le=7200)] = 600.0
    patience: Annotated[float, Meta(ge=0, le=3600)] = 60.0


class ChatOptions(ServerOptions, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Parameters of sampling.

    `top_k` and `max_tokens` are not sent at 0: not every endpoint knows `top_k`, and without
    `max_tokens` the model may write until its context ends.
    """

    system: str = ""
    samples: Annotated[int, Meta(ge=1, le=64)] = 1
    temperature: Annotated[float, Meta(ge=0, le=10)] = 0.0
    top_p: Annotated[float, Meta(gt=0, le=1)] = 1.0
    top_k: Annotated[int, Meta(ge=0)] = 0
    seed: int = 42
    max_tokens: Annotated[int, Meta(ge=0)] = 8192
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    extra_body: dict[str, Any] = {}


Options = TypeVar("Options", bound=ChatOptions)
AnyOptions = TypeVar("AnyOptions", bound=ServerOptions)


def options_of(recipe: Recipe, kind: type[Options]) -> Options:
    """Return the recipe's parameters as `kind`. Raises BackendError with a sentence."""
    options = server_options_of(recipe, kind)
    _check(options)
    return options


def server_options_of(recipe: Recipe, kind: type[AnyOptions]) -> AnyOptions:
    """Return the parameters as `options_of` does, for requests without a conversation."""
    try:
        options = msgspec.convert(recipe.parameters or {}, kind)
    except msgspec.ValidationError as error:
        said = str(error).replace("Object ", "").replace("`$.", "`").replace("$.", "")
        raise BackendError(
            f"The parameters of the backend {recipe.backend!r} can't be used: {said}. "
            f"It has {', '.join(sorted(kind.__struct_fields__))}."
        ) from error
    _check_server(recipe, options)
    return options


def complete_options(options: ServerOptions) -> dict[str, Any]:
    """Return the options as a recipe's parameters."""
    parameters: dict[str, Any] = msgspec.to_builtins(options)
    return parameters


def _check_server(recipe: Recipe, options: ServerOptions) -> None:
    if bool(options.endpoint) == bool(options.serve):
        raise BackendError(
            f"The parameters of the backend {recipe.backend!r} name either an endpoint, such as "
            'http://host:8000/v1, or "serve": "vllm", and not both.'
        )
    if options.endpoint:
        base_url(options.endpoint)
    if options.api_key_env and not KEY_VARIABLE.fullmatch(options.api_key_env):
        raise BackendError(
            f"api_key_env is {options.api_key_env!r}; write the name of an environment variable of "
            "the workers that begins with MISSTEP_KEY_, never the key itself."
        )


def _check(options: ChatOptions) -> None:
    texts = {name: getattr(options, name) for name in options.__struct_fields__}
    if held := [n for n, text in texts.items() if isinstance(text, str) and "\0" in text]:
        raise BackendError(f"{held[0]} holds the character U+0000, which no recipe can; remove it.")
    if options.samples > 1 and not options.temperature:
        raise BackendError(
            f"At temperature 0 all {options.samples} samples are the same; ask for one, or set a "
            "temperature."
        )
    if own := OWN_FIELDS & options.extra_body.keys():
        raise BackendError(f"extra_body can't set {min(own)!r}, which the scorer sets itself.")
