"""What the judges whose model answers over HTTP have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import Asked
from inference.backends.interface import Finding, TraceText


class AskingBackend(ABC):
    """Ready to be asked. What a judge asks of one trace is its `find`."""

    window = None  # as many requests in flight as there may be

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.device = asked.device

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        """One finding a trace, in order. Raises BackendError."""
        return self.asked.find_all(traces, self.find)

    def close(self) -> None:
        self.asked.close()

    @abstractmethod
    async def find(self, session: Session, trace: TraceText) -> Finding: ...
