"""A batch of traces in flight at once, and its outcomes if some traces get no answer."""

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
    """Return one finding a trace, in order; the client's options limit the requests in flight.

    A trace that alone gets no answer is a failure. Raises BackendError if the endpoint can't
    continue, or answers none of the traces.
    """
    return findings_or_raise(outcomes_of(client, traces, evaluate))


def outcomes_of(
    client: Client, traces: Sequence[TraceText], evaluate: Evaluate, *, forgiving: bool = False
) -> list[Outcome]:
    """Return each trace's outcome, in order. Raises BackendError if the endpoint can't continue.

    With `forgiving`, an unreachable endpoint is an outcome and not an error.
    """
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
    """Return the traces' indices with each problem's traces together, otherwise in order."""
    first: dict[str, int] = {}
    for index, trace in enumerate(traces):
        first.setdefault(trace.problem, index)
    return sorted(range(len(traces)), key=lambda index: first[traces[index].problem])


def findings_or_raise(outcomes: Sequence[Outcome]) -> list[Finding]:
    """Return one finding an outcome. Raises BackendError if no trace was answered.

    A trace that is too long for the model counts as answered: the endpoint is not at fault.
    """
    answered = [o for o in outcomes if isinstance(o, Finding | ContextExceeded)]
    if outcomes and not answered:
        raise BackendError(str(outcomes[0]))
    return [o if isinstance(o, Finding) else Finding(None, failure=str(o)) for o in outcomes]


async def _watch_cancellation() -> None:
    """Raise Cancelled soon after the answers are no longer wanted."""
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
