"""Many questions to a server at once, and recovery from its crashes."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol, TypeVar

from inference.backends.interface import BackendError
from inference.backends.vllm.server_address import ServerAddress

Question = TypeVar("Question")
Answer = TypeVar("Answer")

# Rounds with many questions in flight; after that one at a time, so that a question that kills
# the server takes no other with it.
ROUNDS_TOGETHER = 2
# Deaths with one question alone that a call bears: each costs a start of a minute or more.
MOST_DEATHS_ALONE = 3


class Lost:
    """An answer that did not come because the server was gone."""


LOST: Final = Lost()


class AnyServer(Protocol):
    """A server that is healthy on entering the block, or BackendError is raised."""

    def in_use(self) -> AbstractContextManager[ServerAddress]: ...

    def release(self) -> None: ...


# Puts some questions to the server at that address, all in flight together: an answer a question,
# in order, or LOST.
Round = Callable[[ServerAddress, Sequence[Question]], Sequence[Answer]]


def ask_through_crashes(
    server: AnyServer, questions: Sequence[Question], ask: Round[Question, Answer]
) -> list[Answer | Lost]:
    """Return one answer a question, in order. A server that dies is started again.

    LOST is the answer to a question that alone killed it. Raises BackendError if the server can't
    be started or dies too often.
    """
    answers: list[Answer | Lost] = [LOST] * len(questions)

    def lost_of(indices: Sequence[int]) -> list[int]:
        with server.in_use() as address:
            found = ask(address, [questions[index] for index in indices])
        for index, answer in zip(indices, found, strict=True):
            answers[index] = answer
        return [index for index in indices if answers[index] is LOST]

    left = list(range(len(questions)))
    for _ in range(ROUNDS_TOGETHER):
        left = lost_of(left) if left else left
    deaths = 0
    for index in left:
        deaths += len(lost_of([index]))
        if deaths == MOST_DEATHS_ALONE:
            raise BackendError("The vLLM server dies again and again; its log says of what.")
    return answers
