"""Requests to a real server over a real socket that answers well, badly, late or never."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from inference.backends import endpoints
from inference.backends.chat import client as client_module
from inference.backends.chat import request_retry
from inference.backends.chat.client import (
    Client,
    ContextExceeded,
    RequestRejected,
    Unanswered,
    is_too_long,
)
from inference.backends.chat.replies import Reply
from inference.backends.endpoints import Endpoint
from inference.backends.interface import BackendError
from tests.inference.backends.chat.asking import client_of
from tests.openai_server import Answer, OpenAIServer, completion, refusal, serving

pytestmark = pytest.mark.usefixtures("reachable")

PAGE = "<!DOCTYPE html><html><body>Welcome</body></html>"
GOOD = completion("fine")


def ask(client: Client, times: int = 1) -> list[Reply]:
    async def run() -> list[Reply]:
        async with client.session() as session:
            return list(await asyncio.gather(*(session.chat({"n": i}) for i in range(times))))

    return asyncio.run(run())


def then(*answers: Answer) -> Callable[[dict[str, Any]], Answer]:
    """Return a server's function that gives the answers in turn and repeats the last one."""
    numbers = count()
    return lambda _: answers[min(next(numbers), len(answers) - 1)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_retry, "FIRST_WAIT", 0.001)


def test_an_answer_is_read():
    with serving(GOOD) as server:
        (reply,) = ask(client_of(server))
    assert (reply.choices[0].text, reply.choices[0].finish_reason) == ("fine", "stop")
    assert (reply.tokens_in, reply.tokens_out, reply.choices[0].tokens_out) == (100, 7, 7)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Answer(PAGE, content_type="text/html"), BackendError, "a web page instead of JSON"),
        (Answer(PAGE, status=404, content_type="text/html"), BackendError, "404"),
        (Answer('{"choices": [{"mess'), BackendError, "JSON that breaks off"),
        (Answer("pong", content_type="text/plain"), BackendError, "text that is not JSON"),
        (Answer("[]"), BackendError, "JSON that is no object"),
        (Answer(""), BackendError, "text that is not JSON"),
        (Answer({"object": "list", "data": []}), BackendError, "no chat completion"),
        (Answer({"choices": []}), BackendError, "no chat completion"),
        (Answer({"choices": [{"text": "x"}]}), BackendError, "a choice without a message"),
        (Answer("[" * 100_000), BackendError, "breaks off or is malformed"),
        (refusal(401, "Incorrect key"), BackendError, r"refuses the key .*\(status 401\)\.$"),
        (refusal(403, "No"), BackendError, r"\(status 403\)"),
        (refusal(404, "no `x`"), BackendError, "knows no model 'critic-7b', .*no `x`"),
        (Answer("", status=302, headers={"Location": "http://x/"}), BackendError, "redirects"),
        (
            refusal(400, "top_k?"),
            RequestRejected,
            r"refuses the request \(status 400\): “top_k\?”\.",
        ),
        (refusal(422, ""), RequestRejected, r"refuses the request \(status 422\)\."),
        (refusal(500, "out\nof\0luck"), Unanswered, "status 500 again and again: “out ofluck”"),
        (Answer("gone", status=503), Unanswered, "status 503"),
        (Answer("{}", promised_length=99), Unanswered, "breaks the connection off"),
        (Answer({"error": {"message": "busy"}}), RequestRejected, r"\(status 200\): “busy”"),
        (refusal(429, "slow", **{"Retry-After": "²"}), Unanswered, "status 429"),
        (Answer({"error": {"code": 502, "message": "off"}}), Unanswered, "502 .*“off”"),
        (
            Answer({"error": {"code": 400, "message": "no"}}),
            RequestRejected,
            r"\(status 400\): “no”",
        ),
        (completion("half", error={"code": 503, "message": "gone"}), Unanswered, "503 .*“gone”"),
    ],
)
def test_a_bad_answer_is_one_precise_sentence(answer: Answer, kind: type, said: str):
    with serving(answer) as server, pytest.raises(kind, match=said) as caught:
        ask(client_of(server))
    assert str(caught.value).startswith(f"The endpoint {server.url} ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens",
        "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context "
        "length is 4096 tokens and your request has 120 input tokens (8192 > 4096 - 120).",
        "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
        "the request exceeds the available context size, try increasing it",
    ],
)
def test_a_context_that_is_too_short_is_told_apart(words: str):
    assert is_too_long(words)
    with serving(refusal(400, words)) as server, pytest.raises(ContextExceeded):
        ask(client_of(server))


def test_other_refusals_are_not_taken_for_it():
    assert not is_too_long("temperature must be at most 2")
    assert not is_too_long("Unknown parameter: 'context'")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(status: int):
    with serving(then(refusal(status, "busy"), refusal(status, "busy"), GOOD)) as server:
        (reply,) = ask(client_of(server, patience=30))
    assert reply.choices[0].text == "fine"
    assert len(server.asked) == 3


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "late",
    [
        Answer({"error": {"code": 429, "message": "busy"}}),
        completion("half", error={"code": 502, "message": "gone"}, finish_reason="error"),
    ],
)
def test_an_error_that_comes_with_status_200_is_the_failure_that_it_names(late: Answer):
    with serving(then(late, GOOD)) as server:
        assert ask(client_of(server, patience=30))[0].choices[0].text == "fine"


@pytest.mark.usefixtures("quick")
def test_a_limited_endpoint_is_asked_on_as_long_as_it_serves_somebody():
    """The endpoint answers one request in ten; most are refused more often than TRIES."""
    numbers = count()
    busy = refusal(429, "slow down", **{"Retry-After": "0.01"})
    with serving(lambda _: busy if next(numbers) % 10 else GOOD) as server:
        assert len(ask(client_of(server, patience=30), times=24)) == 24
    assert len(server.asked) > request_retry.TRIES * 24


@pytest.mark.usefixtures("quick")
def test_waiting_for_a_turn_costs_no_patience():
    """Requests go one at a time, so the second waits longer than the patience for its turn."""
    slow = Answer(GOOD.body, hang=0.4)
    with serving(then(slow, refusal(503, "busy"), GOOD)) as server:
        assert len(ask(client_of(server, patience=0.3, concurrency=1), times=2)) == 2


@pytest.mark.usefixtures("quick")
def test_half_an_answer_is_tried_again():
    with serving(then(Answer('{"choices": ['), GOOD)) as server:
        assert ask(client_of(server, patience=30))[0].choices[0].text == "fine"


@pytest.mark.usefixtures("quick")
def test_the_tries_end():
    with serving(refusal(500, "no")) as server, pytest.raises(Unanswered):
        ask(client_of(server, patience=30))
    assert len(server.asked) == request_retry.TRIES


def test_the_endpoints_own_wait_is_kept(monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await real(0)

    monkeypatch.setattr(client_module.asyncio, "sleep", sleep)
    busy = refusal(429, "slow down", **{"Retry-After": "7"})
    dated = refusal(429, "slow down", **{"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    with serving(then(busy, dated, GOOD)) as server:
        ask(client_of(server, patience=30))
    assert 7.0 in waits
    assert 0.0 in waits


def test_a_wait_beyond_patience_is_not_waited_for():
    busy = refusal(429, "slow down", **{"Retry-After": "3600"})
    with serving(busy) as server, pytest.raises(Unanswered, match="status 429"):
        ask(client_of(server, patience=30))
    assert len(server.asked) == 1


def test_a_server_that_hangs_is_left():
    slow = Answer({}, hang=1.0)
    with serving(slow) as server, pytest.raises(Unanswered, match=r"no answer in 0\.05 seconds"):
        ask(client_of(server, timeout=0.05))


def test_a_closed_port_is_said():
    with serving(GOOD) as server:
        client = client_of(server)
    with pytest.raises(BackendError, match="refuses the connection: no server listens there"):
        ask(client)


@pytest.mark.parametrize("most", [1, 4])
def test_many_requests_are_in_flight_and_no_more_than_allowed(most: int):
    with serving(Answer(GOOD.body, hang=0.05)) as server:
        assert len(ask(client_of(server, concurrency=most), times=12)) == 12
    assert server.most_in_flight == most


def test_a_redirect_is_not_followed():
    with (
        serving(GOOD) as inside,
        serving(Answer("", status=307, headers={"Location": inside.url})) as server,
        pytest.raises(BackendError, match="redirects to another address"),
    ):
        ask(client_of(server))
    assert inside.asked == []


def test_the_connection_goes_to_the_checked_address(monkeypatch: pytest.MonkeyPatch):
    """A name that means another address by the time of the request changes nothing."""
    with serving(GOOD) as server:
        answers = iter(["127.0.0.1"])
        real = socket.getaddrinfo

        def rebinding(host: str, *args: Any, **fields: Any) -> Any:
            if host == "models.example":
                return real(next(answers), *args, **fields)
            return real(host, *args, **fields)

        monkeypatch.setattr(endpoints.socket, "getaddrinfo", rebinding)
        port = server.server_address[1]
        client = client_of(server, endpoint=f"http://models.example:{port}/v1")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        assert len(ask(client, times=2)) == 2
    assert {seen["Host"] for seen in server.headers_seen} == {f"models.example:{port}"}


def test_a_key_is_sent_by_its_name_and_never_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MISSTEP_KEY_LAB", "sk-secret")
    with serving(then(GOOD, refusal(400, "what is sk-secret?"))) as server:
        client = client_of(server, api_key_env="MISSTEP_KEY_LAB")
        ask(client)
        assert server.headers_seen[0]["Authorization"] == "Bearer sk-secret"
        with pytest.raises(RequestRejected) as caught:
            ask(client)
    assert "sk-secret" not in str(caught.value)
    assert "what is …?" in str(caught.value)


def test_a_key_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MISSTEP_KEY_LAB", raising=False)
    with serving(GOOD) as server, pytest.raises(BackendError, match="key in MISSTEP_KEY_LAB"):
        client_of(server, api_key_env="MISSTEP_KEY_LAB")


def test_a_key_goes_to_named_endpoints_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MISSTEP_KEY_LAB", "sk-secret")
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "")
    with serving(GOOD) as server, pytest.raises(BackendError, match="only sent to endpoints that"):
        client_of(server, endpoint="https://8.8.8.8/v1", api_key_env="MISSTEP_KEY_LAB")


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (Answer({"data": [{"id": "a"}, {"id": "b"}]}), "has no model 'critic-7b'; it has a, b"),
        (Answer(PAGE, content_type="text/html"), "a web page"),
        (refusal(401, "no"), "refuses the key"),
        (refusal(500, "no"), "status 500"),
    ],
)
def test_a_probe_tells_what_is_wrong_at_once(models: Answer, said: str):
    with serving(GOOD, models=models) as server, pytest.raises(BackendError, match=said):
        client_of(server).probe()


@pytest.mark.parametrize("models", [refusal(404, "no"), Answer({"object": "x"}), Answer("{}")])
def test_an_endpoint_that_lists_no_models_may_serve_one(models: Answer):
    with serving(GOOD, models=models) as server:
        client_of(server).probe()
        assert isinstance(server, OpenAIServer)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a self-signed certificate for models.example and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=models.example", "-addext",
            "subjectAltName=DNS:models.example", "-keyout", tmp_path / "key.pem",
            "-out", tmp_path / "certificate.pem",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return tmp_path / "certificate.pem"


def test_a_certificate_is_checked_for_the_name_and_not_the_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    with serving(GOOD) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.parent / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        port = server.server_address[1]
        pinned = Endpoint(
            f"https://models.example:{port}/v1", "models.example", port, ("127.0.0.1",), True
        )
        other = replace(pinned, url=f"https://other.example:{port}/v1", host="other.example")
        options = client_of(server).options
        with pytest.raises(BackendError, match="certificate that is not valid"):
            ask(Client(options, "critic-7b", pinned))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert ask(Client(options, "critic-7b", pinned))[0].choices[0].text == "fine"
        with pytest.raises(BackendError, match="certificate that is not valid"):
            ask(Client(options, "critic-7b", other))
