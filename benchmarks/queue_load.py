"""Simulated annotators: threads that fetch, type, submit and think, against a running server."""

import json
import random
import threading
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from benchmarks.queue_rows import Person

CSRF = "c" * 32
# A server whose workers were killed starts new ones within a second.
TRIES = 60
PAUSE = 0.5


@dataclass(slots=True)
class Accepted:
    """A submit that the server accepted."""

    key: uuid.UUID
    lease_id: int


@dataclass(slots=True)
class Load:
    """The shared settings of all annotators, and their results."""

    port: int
    queues: list[int]  # used alternately, so that all have the same conditions
    think: float  # seconds for each item, on average
    over: threading.Event = field(default_factory=threading.Event)
    accepted: list[Accepted] = field(default_factory=list)
    retried: int = 0
    refused: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def number_of(address: str) -> int:
    """Return the lease of a path such as /reviews/12/ or /reviews/12/ahead/."""
    return int(address.split("/")[2])


class Annotator(threading.Thread):
    """A simulated annotator. Like the page's script, it prefetches the next item."""

    def __init__(self, load: Load, person: Person, number: int) -> None:
        super().__init__(name=f"annotator-{number}", daemon=True)
        self.load = load
        self.rng = random.Random(number)
        self.turn = number
        self.addresses: dict[int, str] = {}  # by queue, the path of the current item
        self.headers = {
            "Cookie": f"sessionid={person.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }

    def run(self) -> None:
        self.load.over.wait(self.rng.uniform(0, self.load.think))  # spread the starts
        while not self.load.over.is_set():
            try:
                self._one_item(self.load.queues[self.turn % len(self.load.queues)])
            except Exception as error:
                self.load.failures.append(f"{self.name}: {type(error).__name__}: {error}")
                return
            self.turn += 1

    def _one_item(self, queue: int) -> None:
        address = self.addresses.get(queue) or self._open_first(queue)
        key, version = uuid.uuid4(), 0
        for part in range(2):
            self._think(self.load.think / 3)
            fields_sent = {"earliest_error": "1", "note": f"typed {part}"}
            fields_sent |= {"key": str(key), "version": str(version)}
            _, _, body = self._request("POST", f"{address}draft/", fields_sent)
            version = json.loads(body).get("version", version)
            if part == 0:
                self._request("POST", f"{address}ahead/", {})
        self._think(self.load.think / 3)
        self.addresses[queue] = self._submit(address, key, version)

    def _open_first(self, queue: int) -> str:
        """Open the page of the first item and return its path."""
        status, address, _ = self._request("GET", f"/queues/{queue}/review/")
        if status != 302:
            raise ConnectionError(f"queue {queue} has no item: {status}")
        self._request("GET", address)
        return address

    def _submit(self, address: str, key: uuid.UUID, version: int) -> str:
        """Submit and return the path of the next item, "" if the server refused."""
        label = self.rng.choice(["1", "1", "2", "-1"])
        fields_sent = {
            "key": str(key),
            "version": str(version),
            "based_on": "0",
            "earliest_error": label,
        }
        status, _, body = self._request("POST", address, fields_sent)
        if status != 200:
            self.load.refused.append(f"submit {address}: {status}")
            return ""
        self.load.accepted.append(Accepted(key, number_of(address)))
        return str(json.loads(body)["next"])

    def _request(
        self, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """Return status, location and body; retry while the server does not answer."""
        body = None if fields is None else urlencode(fields)
        headers = dict(self.headers)
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Review-Page": "1",
            }
        for _ in range(TRIES):
            try:
                return self._send(method, path, body, headers)
            except (HTTPException, OSError):
                self.load.retried += 1
                time.sleep(PAUSE)
        raise ConnectionError(f"{method} {path} was not answered {TRIES} times")

    def _send(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        """Send on a new connection, because people think longer than the server keeps one."""
        with closing(HTTPConnection("127.0.0.1", self.load.port, timeout=60)) as connection:
            sent_at = {"X-Sent-At": f"{time.time():.3f}"}
            connection.request(method, path, body, headers | sent_at)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read()

    def _think(self, seconds: float) -> None:
        """Wait 0.5 to 1.5 times the seconds, so that people do not act in step."""
        self.load.over.wait(seconds * self.rng.uniform(0.5, 1.5))
