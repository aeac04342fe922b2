"""Messages of rules and options that cannot be used."""

import msgspec
import pytest

from accounts.errors import Refused
from exports.errors import RuleError, error_message


class Options(msgspec.Struct, forbid_unknown_fields=True):
    share: float = 0.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"share": "x"}, "share: Expected `float`, got `str`."),
        ({"other": 1}, "Object contains unknown field `other`"),
    ],
)
def test_the_message_begins_with_the_field(given: dict, message: str):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(given, Options)
    assert error_message(caught.value) == message


def test_a_rule_error_is_a_refusal():
    assert issubclass(RuleError, Refused)
