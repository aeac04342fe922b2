"""Annotators at work against a running server: each a thread that asks, types, submits, thinks."""

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
    """A submit that the server said yes to."""

    key: uuid.UUID
    lease_id: int


@dataclass(slots=True)
class Load:
    """What all annotators share, and what they saw."""

    port: int
    queues: list[int]  # taken in turns, so that all see the same machine
    think: float  # seconds for each item, on average
    over: threading.Event = field(default_factory=threading.Event)
    accepted: list[Accepted] = field(default_factory=list)
    retried: int = 0
    refused: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def number_of(place: str) -> int:
    """The lease in an address such as /reviews/12/ or /reviews/12/ahead/."""
    return int(place.split("/")[2])


class Annotator(threading.Thread):
    """Does as the page's script: while one item is worked on, the next is fetched ahead."""

    def __init__(self, load: Load, person: Person, number: int) -> None:
        super().__init__(name=f"annotator-{number}", daemon=True)
        self.load = load
        self.chance = random.Random(number)
        self.turn = number
        self.places: dict[int, str] = {}  # of each queue, the address of the item at hand
        self.headers = {
            "Cookie": f"sessionid={person.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }

    def run(self) -> None:
        self.load.over.wait(self.chance.uniform(0, self.load.think))  # nobody starts together
        while not self.load.over.is_set():
            try:
                self._one_item(self.load.queues[self.turn % len(self.load.queues)])
            except Exception as error:
                self.load.failures.append(f"{self.name}: {type(error).__name__}: {error}")
                return
            self.turn += 1

    def _one_item(self, queue: int) -> None:
        place = self.places.get(queue) or self._asked(queue)
        key, version = uuid.uuid4(), 0
        for part in range(2):
            self._think(self.load.think / 3)
            said = {"earliest_error": "1", "note": f"typed {part}"}
            said |= {"key": str(key), "version": str(version)}
            _, _, body = self._ask("POST", f"{place}draft/", said)
            version = json.loads(body).get("version", version)
            if part == 0:
                self._ask("POST", f"{place}ahead/", {})
        self._think(self.load.think / 3)
        self.places[queue] = self._submit(place, key, version)

    def _asked(self, queue: int) -> str:
        """The address of the first item, whose page is then opened."""
        status, place, _ = self._ask("GET", f"/queues/{queue}/review/")
        if status != 302:
            raise ConnectionError(f"queue {queue} has nothing: {status}")
        self._ask("GET", place)
        return place

    def _submit(self, place: str, key: uuid.UUID, version: int) -> str:
        """Where to go on; empty where the server did not say."""
        label = self.chance.choice(["1", "1", "2", "-1"])
        said = {"key": str(key), "version": str(version), "based_on": "0", "earliest_error": label}
        status, _, body = self._ask("POST", place, said)
        if status != 200:
            self.load.refused.append(f"submit {place}: {status}")
            return ""
        self.load.accepted.append(Accepted(key, number_of(place)))
        return str(json.loads(body)["next"])

    def _ask(
        self, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """Status, where to go on, and the body; asked again while the server does not answer."""
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
        """On a connection of its own: people think longer than the server keeps one."""
        with closing(HTTPConnection("127.0.0.1", self.load.port, timeout=60)) as connection:
            sent_at = {"X-Sent-At": f"{time.time():.3f}"}
            connection.request(method, path, body, headers | sent_at)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read()

    def _think(self, seconds: float) -> None:
        """Between half and half as much again, so that people drift apart."""
        self.load.over.wait(seconds * self.chance.uniform(0.5, 1.5))
