"""The base of judges that ask over HTTP."""

from inference.backends.chat.backend import ChatBackend
from inference.backends.chat.client import Session
from inference.backends.chat.model_endpoint import ModelEndpoint
from inference.backends.chat.options import ChatOptions
from inference.backends.interface import Finding, Recipe, TraceText
from tests.openai_server import completion, serving


class Length(ChatBackend):
    async def evaluate(self, session: Session, trace: TraceText) -> Finding:
        return Finding(len(trace.steps) - 1)


def test_each_trace_is_evaluated_in_order(reachable: None):
    with serving(completion("x")) as server:
        endpoint = ModelEndpoint(Recipe("l", "critic-7b"), ChatOptions(endpoint=server.url))
        judge = Length(endpoint)
        findings = judge.judge([TraceText("p", ["s"] * count) for count in (3, 1, 2)])
        judge.close()
    assert [finding.earliest_error for finding in findings] == [2, 0, 1]
    assert judge.window is None
    assert judge.device == ""
