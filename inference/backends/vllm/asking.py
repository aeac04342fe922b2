"""Asking a server many questions at once, and surviving its death."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Final, Protocol, TypeVar

from inference.backends.base import BackendError
from inference.backends.vllm.servers import Address

logger = logging.getLogger(__name__)

Question = TypeVar("Question")
Answer = TypeVar("Answer")

# Rounds with many questions in flight; after that one at a time, so that a question of which the
# server dies takes no other with it.
ROUNDS_TOGETHER = 2
# Deaths with one question alone that a call bears: each costs a start of a minute or more.
MOST_DEATHS_ALONE = 3


class ServerLost(Exception):
    """The server, not the question, is at fault: it is gone or about to be. The text says how."""


class Lost:
    """Stands for the answer to a question of which the server died, alone and more than once."""


LOST: Final = Lost()


class AnyServer(Protocol):
    """`Server` and `RunningServer`: on entering the block it is well, or BackendError is raised."""

    def in_use(self) -> AbstractContextManager[Address]: ...


Connect = Callable[[Address], AbstractContextManager[Callable[[Question], Answer]]]


def ask_all(
    server: AnyServer,
    questions: Sequence[Question],
    connect: "Connect[Question, Answer]",
    *,
    at_once: int,
) -> list[Answer | Lost]:
    """An answer a question, in order. `connect` gives the function that puts a question.

    That raises ServerLost when the server is gone, which is then started again and asked what is
    still open. Raises BackendError where it can't be started or dies too often.
    """
    answers: list[Answer | Lost] = [LOST] * len(questions)

    def round_of(indices: Sequence[int], width: int) -> list[int]:
        found = _round(server, [questions[i] for i in indices], connect, width)
        for index, answer in zip(indices, found, strict=True):
            answers[index] = answer
        return [i for i in indices if answers[i] is LOST]

    left = list(range(len(questions)))
    for _ in range(ROUNDS_TOGETHER):
        left = round_of(left, at_once)
    deaths = 0
    for index in left:
        deaths += len(round_of([index], 1))
        if deaths == MOST_DEATHS_ALONE:
            raise BackendError("The vLLM server dies again and again; its log says of what.")
    return answers


def _round(
    server: AnyServer,
    questions: Sequence[Question],
    connect: "Connect[Question, Answer]",
    width: int,
) -> list[Answer | Lost]:
    if not questions:
        return []
    with server.in_use() as address, connect(address) as ask:

        def attempt(question: Question) -> Answer | Lost:
            try:
                return ask(question)
            except ServerLost as error:
                logger.warning("The vLLM server gave no answer: %s", error)
                return LOST

        with ThreadPoolExecutor(max_workers=min(width, len(questions))) as pool:
            return list(pool.map(attempt, questions))
