"""The base class of judges whose model answers over HTTP."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.interface import Finding, TraceText


class ChatBackend(ABC):
    """A judge with its endpoint ready. A subclass says in `evaluate` how it judges one trace."""

    window = None  # as many requests in flight as there may be

    def __init__(self, asked: ModelEndpoint) -> None:
        self.endpoint = asked
        self.device = asked.device

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        """Return one finding a trace, in order. Raises BackendError."""
        return self.endpoint.evaluate_all(traces, self.evaluate)

    def close(self) -> None:
        self.endpoint.close()

    @abstractmethod
    async def evaluate(self, session: Session, trace: TraceText) -> Finding: ...
