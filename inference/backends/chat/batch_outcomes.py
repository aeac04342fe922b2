"""A batch of traces asked about at once, and what becomes of it when some get no answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from inference.backends.cancellation import check_cancelled
from inference.backends.chat.client import (
    Client,
    ContextExceeded,
    RequestRejected,
    Session,
    Unanswered,
    Unreachable,
)
from inference.backends.interface import BackendError, Finding, TraceText

# Between two looks whether the answers are wanted still.
WATCH_SECONDS = 1.0

Evaluate = Callable[[Session, TraceText], Awaitable[Finding]]
Outcome = Finding | Unanswered | RequestRejected | Unreachable


def evaluate_all(client: Client, traces: Sequence[TraceText], evaluate: Evaluate) -> list[Finding]:
    """`evaluate` for every trace, all at once as far as the client's options allow, in order.

    A trace that alone gets no answer is a failure. Raises BackendError where the endpoint can't go
    on, or gives an answer to none of the traces.
    """
    return findings_or_raise(outcomes_of(client, traces, evaluate))


def outcomes_of(
    client: Client, traces: Sequence[TraceText], evaluate: Evaluate, *, forgiving: bool = False
) -> list[Outcome]:
    """What became of each trace, in order. Raises BackendError where the endpoint can't go on;
    `forgiving`, that it can't be reached is an outcome too."""
    return asyncio.run(_outcomes(client, traces, evaluate, forgiving))


async def _outcomes(
    client: Client, traces: Sequence[TraceText], evaluate: Evaluate, forgiving: bool
) -> list[Outcome]:
    async with client.session() as session:
        try:
            async with asyncio.TaskGroup() as group:
                # A problem's traces follow each other: the server keeps their common beginning.
                asked = {
                    index: group.create_task(_outcome(evaluate(session, traces[index]), forgiving))
                    for index in by_problem(traces)
                }
                watch = group.create_task(_watch_cancellation())
                if asked:
                    await asyncio.wait(asked.values())
                watch.cancel()
        except ExceptionGroup as stopped:
            # The first to stop cancels the others, so there is hardly ever a second.
            raise stopped.exceptions[0] from None
    return [asked[index].result() for index in range(len(traces))]


def by_problem(traces: Sequence[TraceText]) -> list[int]:
    """The indices of the traces, a problem's together, else in order."""
    first: dict[str, int] = {}
    for index, trace in enumerate(traces):
        first.setdefault(trace.problem, index)
    return sorted(range(len(traces)), key=lambda index: first[traces[index].problem])


def findings_or_raise(outcomes: Sequence[Outcome]) -> list[Finding]:
    """A finding each. Raises BackendError if no trace was answered, for want of which it may well
    be the endpoint's fault; that a trace is too long for the model is its own, whoever else is."""
    answered = [o for o in outcomes if isinstance(o, Finding | ContextExceeded)]
    if outcomes and not answered:
        raise BackendError(str(outcomes[0]))
    return [o if isinstance(o, Finding) else Finding(None, failure=str(o)) for o in outcomes]


async def _watch_cancellation() -> None:
    """Raises Stopped soon after the answers are no longer wanted."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        check_cancelled()


async def _outcome(finding: Awaitable[Finding], forgiving: bool) -> Outcome:
    try:
        return await finding
    except (Unanswered, RequestRejected) as error:
        return error
    except Unreachable as error:
        if not forgiving:
            raise
        return error
