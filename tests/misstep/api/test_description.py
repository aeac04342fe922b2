import pytest

from misstep.api import api
from misstep.api.description import groups, shapes

pytestmark = pytest.mark.django_db


def test_answers_are_described_with_what_is_within_them():
    found = {shape.name: dict(shape.fields) for shape in shapes(api.get_openapi_schema())}
    assert found["TracePage"] == {"traces": "list of TraceOut", "next_after": "integer or null"}
    assert found["TraceOut"]["steps"] == "list of string"
    assert "RunIn" not in found


def test_a_body_is_described_by_its_fields():
    (create,) = (
        operation
        for operation in groups(api.get_openapi_schema())["scoring"]
        if (operation.method, operation.path) == ("POST", "/api/runs")
    )
    told = {(one.name, one.place, one.kind, one.required) for one in create.parameters}
    assert ("scorer", "body", "string", True) in told
    assert ("priority", "body", "low or normal or high", False) in told
    assert create.answer == "201 RunOut"
