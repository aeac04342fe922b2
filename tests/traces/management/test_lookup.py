import pytest
from django.core.management import CommandError

from tests.factories import make_dataset
from traces.management.lookup import get_dataset

pytestmark = pytest.mark.django_db


def test_a_dataset_is_found_by_its_name():
    dataset = make_dataset("gsm8k")
    assert get_dataset("gsm8k") == dataset


def test_a_missing_dataset_is_named_with_the_newest_ones():
    with pytest.raises(CommandError, match="'x'; import one first"):
        get_dataset("x")
    for number in range(12):
        make_dataset(f"set-{number}")
    with pytest.raises(CommandError) as caught:
        get_dataset("set")
    message = str(caught.value)
    assert "'set'" in message and "set-11" in message
    assert "set-0," not in message
