"""Rounds of questions, with a server that dies when its script says so."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from inference.backends.interface import BackendError
from inference.backends.vllm.crash_recovery import LOST, Lost, ask_through_crashes
from inference.backends.vllm.server_address import ServerAddress


class Scripted:
    """Counts how often it was found well or started; the questions decide about its end."""

    def __init__(self) -> None:
        self.uses = 0

    @contextmanager
    def in_use(self) -> Iterator[ServerAddress]:
        self.uses += 1
        yield ServerAddress(f"http://127.0.0.1:{self.uses}")


class Answering:
    """Doubles numbers.

    A question in `poison` takes with it all that come after it in a round; the first `unlucky`
    rounds are lost whatever they hold.
    """

    def __init__(self, poison: Sequence[int] = (), unlucky: int = 0) -> None:
        self.poison = set(poison)
        self.unlucky = unlucky
        self.rounds: list[list[int]] = []

    def __call__(self, address: ServerAddress, questions: Sequence[int]) -> list[int | Lost]:
        self.rounds.append(list(questions))
        if len(self.rounds) <= self.unlucky:
            return [LOST for _ in questions]
        dead = False
        found: list[int | Lost] = []
        for question in questions:
            dead = dead or question in self.poison
            found.append(LOST if dead else 2 * question)
        return found


def test_a_server_that_lives_is_asked_once():
    server, answering = Scripted(), Answering()
    assert ask_through_crashes(server, [1, 2, 3], answering) == [2, 4, 6]
    assert server.uses == 1


def test_nothing_to_ask_asks_nothing():
    server, answering = Scripted(), Answering()
    assert ask_through_crashes(server, [], answering) == []
    assert (server.uses, answering.rounds) == (0, [])


def test_what_was_answered_before_a_death_is_not_asked_again():
    server, answering = Scripted(), Answering(unlucky=1)
    assert ask_through_crashes(server, [1, 2, 3], answering) == [2, 4, 6]
    answering = Answering(poison=[2])
    ask_through_crashes(server, [1, 2, 3], answering)
    assert answering.rounds == [[1, 2, 3], [2, 3], [2], [3]]


def test_a_question_that_kills_the_server_costs_no_other():
    found = ask_through_crashes(Scripted(), [1, 2, 3, 4], Answering(poison=[2]))
    assert found == [2, LOST, 6, 8]


def test_a_server_that_dies_of_everything_ends_it():
    answering = Answering(unlucky=100)
    with pytest.raises(BackendError, match="dies again and again"):
        ask_through_crashes(Scripted(), list(range(10)), answering)
    assert len(answering.rounds) == 5
