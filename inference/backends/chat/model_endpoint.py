"""The model that a scorer asks: behind its endpoint, or on a vLLM server of this worker's own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from inference.backends.chat.batch_outcomes import (
    Evaluate,
    Outcome,
    evaluate_all,
    findings_or_raise,
    outcomes_of,
)
from inference.backends.chat.client import Client, Unanswered, Unreachable
from inference.backends.chat.options import ServerOptions
from inference.backends.endpoints import Endpoint, look_up
from inference.backends.interface import Finding, Recipe, TraceText
from inference.backends.prm.model_folders import resolve_model_folder
from inference.backends.vllm.crash_recovery import LOST, Lost, ask_through_crashes
from inference.backends.vllm.server_address import ServerAddress
from inference.backends.vllm.server_options import read_settings
from inference.backends.vllm.server_spec import ServerSpec
from inference.backends.vllm.servers import Server, server_for

SERVER_CRASHED = Finding(
    None, failure="The vLLM server died more than once while it had this trace alone to answer."
)


class ModelEndpoint:
    """A model that is ready: its endpoint lists it, or the worker's own server is up.

    `model_info` is its entry in the list of models, such as its `max_model_len`; `server` is our
    own, None for an endpoint. With `at_root`, paths begin at the server's root and not below `/v1`.
    """

    def __init__(
        self,
        recipe: Recipe,
        options: ServerOptions,
        *,
        spec: ServerSpec | None = None,
        at_root: bool = False,
    ) -> None:
        """Look the endpoint up, or start the worker's server. Raises BackendError.

        `spec` describes the worker's own server if it serves anything but a language model.
        """
        self._options = options
        self._model = recipe.model
        self._at_root = at_root
        self.server: Server | None = None
        if not options.serve:
            self._endpoint = look_up(options.endpoint)
            self.model_info = self._probed(self._endpoint)
            return
        self.server = server_for(spec or language_model(recipe, options), read_settings())
        try:
            with self.server.in_use() as address:
                self.model_info = self._probed(local_endpoint(address), address.key)
        except BaseException:
            self.close()
            raise

    @property
    def device(self) -> str:
        """As `Backend.device` has it; empty for an endpoint."""
        return self.server.device if self.server else ""

    def evaluate_all(self, traces: Sequence[TraceText], evaluate: Evaluate) -> list[Finding]:
        """Return one finding a trace, in order. Raises BackendError.

        A server of our own that dies is started again, and asked about the open traces.
        """
        if self.server is None:
            return evaluate_all(self._client(self._endpoint), traces, evaluate)

        def ask(address: ServerAddress, some: Sequence[TraceText]) -> list[Outcome | Lost]:
            client = self._client(local_endpoint(address), address.key)
            return self._lost_apart(outcomes_of(client, some, evaluate, forgiving=True))

        found: list[Outcome | Lost] = ask_through_crashes(self.server, traces, ask)
        return findings_or_raise([_crash_as_finding(each) for each in found])

    def close(self) -> None:
        if self.server is not None:
            self.server.release()

    def _lost_apart(self, outcomes: list[Outcome]) -> list[Outcome | Lost]:
        """Return the outcomes, with LOST where the server's death explains the failure."""
        unexplained = any(isinstance(each, Unanswered | Unreachable) for each in outcomes)
        if not unexplained or self.server is None or self.server.is_healthy():
            return list(outcomes)
        return [LOST if isinstance(o, Unanswered | Unreachable) else o for o in outcomes]

    def _client(self, endpoint: Endpoint, key: str = "") -> Client:
        if self._at_root:
            endpoint = replace(endpoint, url=endpoint.url.removesuffix("/v1"))
        return Client(self._options, self._model, endpoint, key)

    def _probed(self, endpoint: Endpoint, key: str = "") -> dict[str, Any]:
        return Client(self._options, self._model, endpoint, key).probe()


def _crash_as_finding(found: Outcome | Lost) -> Outcome:
    return SERVER_CRASHED if isinstance(found, Lost) else found


def language_model(recipe: Recipe, options: ServerOptions) -> ServerSpec:
    """Return the server spec of a language model. Raises BackendError if it is not found."""
    return ServerSpec(
        model=recipe.model,
        folder=resolve_model_folder(recipe.model, recipe.revision),
        dtype=options.dtype,
        max_model_len=options.max_model_len,
        tensor_parallel=options.tensor_parallel,
    )


def local_endpoint(address: ServerAddress) -> Endpoint:
    """Return the endpoint of a server that this worker started.

    No recipe can name it, and it needs no permission.
    """
    parts = urlsplit(address.url)
    host = str(parts.hostname)
    return Endpoint(f"{address.url}/v1", host, parts.port or 80, (host,), is_named=True)
