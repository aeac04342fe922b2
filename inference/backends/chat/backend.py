"""What the judges whose model answers over HTTP have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.interface import Finding, TraceText


class ChatBackend(ABC):
    """Ready to be asked. What a judge asks of one trace is its `find`."""

    window = None  # as many requests in flight as there may be

    def __init__(self, asked: ModelEndpoint) -> None:
        self.endpoint = asked
        self.device = asked.device

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        """One finding a trace, in order. Raises BackendError."""
        return self.endpoint.evaluate_all(traces, self.evaluate)

    def close(self) -> None:
        self.endpoint.close()

    @abstractmethod
    async def evaluate(self, session: Session, trace: TraceText) -> Finding: ...
