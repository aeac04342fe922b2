import pytest
from django.core.management import CommandError

from tests.misstep.management.output import output_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_work_refuses_a_queue_that_is_not_there():
    with pytest.raises(CommandError, match=r"No queue 'prn'\. Choose from web, data"):
        output_of("work", queues="prn")
