"""A small real HTTP server that answers as an OpenAI-compatible endpoint does, or badly.

Only the engine behind it is made up: a test says what comes back, as bytes on the wire.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the server sends. `body` may be half a document; `hang` is in seconds."""

    body: str | dict[str, Any]
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    promised_length: int | None = None


def completion(*texts: str | None, **fields: Any) -> Answer:
    """Return a chat completion; `fields`, such as `finish_reason`, go into every choice."""
    choices = [
        {
            "index": index,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
            **fields,
        }
        for index, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 100, "completion_tokens": 7 * len(texts), "total_tokens": 0}
    return Answer({"id": "x", "object": "chat.completion", "choices": choices, "usage": usage})


def refusal(status: int, message: str, **headers: str) -> Answer:
    body = {"error": {"message": message, "type": "invalid_request_error", "code": status}}
    return Answer(body, status=status, headers=headers)


MODELS = Answer({"object": "list", "data": [{"id": "critic-7b", "object": "model"}]})


class OpenAIServer(ThreadingHTTPServer):
    """`reply` gets each POST's body and gives the answer; every request is kept in `asked`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, reply: Callable[[dict[str, Any]], Answer], models: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.models = models
        self.asked: list[dict[str, Any]] = []
        self.headers_seen: list[dict[str, str]] = []
        self.in_flight = self.most_in_flight = 0
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/v1"

    def answer(self, body: dict[str, Any]) -> Answer:
        with self.lock:
            self.asked.append(body)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            found = self.reply(body)
            time.sleep(found.hang)
            return found
        finally:
            with self.lock:
                self.in_flight -= 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: OpenAIServer

    def do_GET(self) -> None:
        self.server.headers_seen.append(dict(self.headers))
        self._send(self.server.models)

    def do_POST(self) -> None:
        self.server.headers_seen.append(dict(self.headers))
        length = int(self.headers["Content-Length"])
        self._send(self.server.answer(json.loads(self.rfile.read(length))))

    def _send(self, answer: Answer) -> None:
        body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        content = body.encode()
        length = len(content) if answer.promised_length is None else answer.promised_length
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = length != len(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def serving(
    reply: Callable[[dict[str, Any]], Answer] | Answer, *, models: Answer = MODELS
) -> Iterator[OpenAIServer]:
    answer = (lambda _: reply) if isinstance(reply, Answer) else reply
    server = OpenAIServer(answer, models)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
