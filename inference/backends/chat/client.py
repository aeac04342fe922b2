"""Requests to one endpoint: many in flight, each retried if that can help.

Three failures are told apart. `BackendError`: no other request would succeed, so the shard stops.
`Unanswered`: all tries of this request failed, another request may succeed. `RequestRejected`: the
endpoint understood the request and refuses it. `findings_or_raise` decides for a batch.
"""

import asyncio
import os
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from inference.backends.chat.options import ServerOptions
from inference.backends.chat.replies import (
    InvalidReply,
    Reply,
    error_message,
    error_of,
    error_status,
    parse_json,
    parse_reply,
)
from inference.backends.chat.request_retry import (
    RetrySchedule,
    TransientFailure,
    retry_after_seconds,
)
from inference.backends.endpoints import VARIABLE, Endpoint, look_up
from inference.backends.interface import BackendError

CONNECT_SECONDS = 10.0
PROBE_SECONDS = 30.0
TOO_MANY_REQUESTS = 429
TRANSIENT_STATUSES = {408, 409, 425, TOO_MANY_REQUESTS, 500, 502, 503, 504, 529}
# 60,000 tokens of text with 20 log-probabilities each are about 100 MB; nothing honest is longer.
LONGEST_ANSWER = 128 * 1024 * 1024


class Unanswered(Exception):
    """All tries of a request came to nothing; the text is a sentence."""


class Unreachable(BackendError):
    """Nothing answers at the endpoint's address."""


class RequestRejected(Exception):
    """The endpoint refuses this request; the text is a sentence."""


class ContextExceeded(RequestRejected):
    """Prompt and answer don't fit the model's context."""


class Client:
    """An endpoint and the options of its requests.

    `endpoint` and `key` are given for a server that the worker started; otherwise the options name
    both.
    """

    def __init__(
        self,
        options: ServerOptions,
        model: str,
        endpoint: Endpoint | None = None,
        key: str = "",
    ) -> None:
        self.options = options
        self.model = model
        self.endpoint = endpoint or look_up(options.endpoint)
        self._key = key or self._named_key()
        self._headers = {"Accept": "application/json"}
        if self._key:
            self._headers["Authorization"] = f"Bearer {self._key}"

    @asynccontextmanager
    async def session(self) -> AsyncIterator["Session"]:
        """Open connections for one batch; they belong to the event loop that runs it."""
        at_once = self.options.concurrency
        async with httpx.AsyncClient(
            verify=ssl.create_default_context(),
            # No proxy and no .netrc of the environment: the checked address is the one called.
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once),
            headers=self._headers,
        ) as http:
            yield Session(self, http)

    def probe(self) -> dict[str, Any]:
        """Return the endpoint's description of the model. Raises BackendError.

        An endpoint that lists no models is not asked further: the first trace will tell.
        """
        return asyncio.run(self._probe())

    async def _probe(self) -> dict[str, Any]:
        async with self.session() as session:
            try:
                listed = await session.call("GET", "/models", seconds=PROBE_SECONDS)
            except RequestRejected:
                return {}
            except Unanswered as error:
                raise BackendError(str(error)) from error
        models = listed.get("data") or []
        known = {str(model.get("id")): model for model in models if isinstance(model, dict)}
        if known and self.model not in known:
            raise BackendError(
                f"The endpoint {self.endpoint.url} has no model {self.model!r}; "
                f"it has {', '.join(list(known)[:10])}."
            )
        return known.get(self.model, {})

    def redacted(self, said: str) -> str:
        """Return the text without the key, which an endpoint may repeat when it refuses it."""
        return said.replace(self._key, "…") if self._key else said

    def _named_key(self) -> str:
        """Return the key that the options name.

        It is sent only to endpoints that the administrator named: otherwise anybody who may add a
        scorer could have it sent to a host of their own.
        """
        name = self.options.api_key_env
        if not name:
            return ""
        if not self.endpoint.is_named:
            raise BackendError(
                f"A key is only sent to endpoints that {VARIABLE} names in the workers' "
                f"environment: add {self.endpoint.url} there."
            )
        key = os.environ.get(name, "").strip()
        if not key or not key.isascii() or not key.isprintable():
            raise BackendError(f"The worker's environment has no usable key in {name}.")
        return key


class Session:
    """The client within one event loop.

    `most_samples` is how many texts the endpoint gives to one request, None until it has refused to
    give several.
    """

    def __init__(self, client: Client, http: httpx.AsyncClient) -> None:
        self.model = client.model
        self._client = client
        self._http = http
        self._slots = asyncio.Semaphore(client.options.concurrency)
        self._answered = time.monotonic()  # when it last answered anything; at first its beginning
        self.most_samples: int | None = None

    async def chat(self, body: dict[str, Any]) -> Reply:
        """Return the reply to a chat request.

        Raises Unanswered, RequestRejected or BackendError.
        """
        found = await self.call("POST", "/chat/completions", body)
        try:
            return parse_reply(found)
        except InvalidReply as error:
            raise BackendError(self._sentence(f"answers with {error}")) from error

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, seconds: float = 0
    ) -> dict[str, Any]:
        """Return the answer's JSON, after as many tries as the options' patience allows."""
        seconds = seconds or self._client.options.timeout
        tries = RetrySchedule(self._client.options.patience)
        while True:
            try:
                async with self._slots:
                    began = time.monotonic()
                    async with asyncio.timeout(seconds):
                        found = await self._once(method, path, body, tries.number)
                self._answered = time.monotonic()
                return found
            except TimeoutError:
                slow = Unanswered(self._sentence(f"gave no answer in {seconds:g} seconds"))
                failed, at = TransientFailure(slow), began
            except TransientFailure as passing:
                failed, at = passing, time.monotonic()
            await asyncio.sleep(tries.wait_after(failed, at=at, answered=self._answered))

    async def _once(
        self, method: str, path: str, body: dict[str, Any] | None, number: int
    ) -> dict[str, Any]:
        request = self._request(method, path, body, number)
        try:
            response = await self._http.send(request, stream=True)
            try:
                content = await _read_limited(response)
            finally:
                await response.aclose()
        except httpx.ConnectError as error:
            raise TransientFailure(self._unreachable(error)) from error
        except httpx.ConnectTimeout as error:
            gone = self._sentence("can't be reached: nothing answers at its address")
            raise TransientFailure(Unreachable(gone)) from error
        except httpx.HTTPError as error:
            broken = self._sentence("breaks the connection off before its answer is complete")
            raise TransientFailure(Unanswered(broken)) from error
        return self._read(response, content)

    def _request(
        self, method: str, path: str, body: dict[str, Any] | None, number: int
    ) -> httpx.Request:
        """Build a request to one of the checked addresses, with the host's name in it."""
        endpoint = self._client.endpoint
        address = endpoint.addresses[number % len(endpoint.addresses)]
        url = httpx.URL(endpoint.url + path)
        named = {"sni_hostname": endpoint.host} if endpoint.host != address else {}
        return self._http.build_request(
            method,
            url.copy_with(host=address),
            json=body,
            headers={"Host": url.netloc.decode("ascii")},
            extensions={**named, "timeout": self._http.timeout.as_dict()},
        )

    def _read(self, response: httpx.Response, content: bytes) -> dict[str, Any]:
        status = response.status_code
        try:
            found = parse_json(content, response.headers.get("Content-Type", ""))
        except InvalidReply as error:
            if status != 200:
                return self._refuse(response, None)
            said = BackendError(self._sentence(f"answers with {error}"))
            # Half a document may come whole the next time; a page stays a page.
            raise TransientFailure(said) if "breaks off" in str(error) else said from error
        if status == 200 and error_of(found) is None:
            return found
        return self._refuse(response, found)

    def _refuse(self, response: httpx.Response, found: dict[str, Any] | None) -> dict[str, Any]:
        """Raise the error that the status means."""
        error = error_of(found or {})
        said = self._client.redacted(error_message(error or found or {}))
        status = response.status_code
        if status == 200:  # begun well, and failed later: some then say the status with the error
            status = error_status(error) or status
        quoted = f": “{said}”" if said else ""
        if status in TRANSIENT_STATUSES:
            sentence = self._sentence(f"answers with status {status} again and again{quoted}")
            wait = retry_after_seconds(response.headers.get("Retry-After", "").strip())
            raise TransientFailure(
                Unanswered(sentence), wait, too_many_requests=status == TOO_MANY_REQUESTS
            )
        if 300 <= status < 400:
            raise BackendError(
                self._sentence("redirects to another address, which is not followed")
            )
        if status in {401, 403}:
            raise BackendError(self._sentence(f"refuses the key or asks for one (status {status})"))
        if status == 404:
            model = self._client.model
            what = f"knows no model {model!r}, or no such path (status 404){quoted}"
            raise (BackendError if response.request.method == "POST" else RequestRejected)(
                self._sentence(what)
            )
        if is_too_long(said):
            raise ContextExceeded(
                "The trace and the answer's tokens don't fit the model's context."
            )
        raise RequestRejected(self._sentence(f"refuses the request (status {status}){quoted}"))

    def _sentence(self, what: str) -> str:
        return f"The endpoint {self._client.endpoint.url} {what}."

    def _unreachable(self, error: httpx.ConnectError) -> BackendError:
        if "certificate" in str(error).lower():
            return BackendError(self._sentence("has a certificate that is not valid for its name"))
        return Unreachable(self._sentence("refuses the connection: no server listens there"))


async def _read_limited(response: httpx.Response) -> bytes:
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > LONGEST_ANSWER:
            raise httpx.ReadError("longer than any answer")
    return bytes(content)


def is_too_long(said: str) -> bool:
    """Return whether an error message is about the context: each server words it differently."""
    words = said.lower()
    return "context" in words and any(
        word in words for word in ("length", "maximum", "exceed", "longer", "size", "too l")
    )
