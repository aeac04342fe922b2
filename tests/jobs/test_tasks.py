import pytest

from jobs.tasks import reap
from tests.jobs.own_broker import Broker
from tests.jobs.test_reaper import silent

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_second_reaping_has_no_effect(broker: Broker):
    errand = silent(attempts=1)
    reap()
    errand.refresh_from_db()
    seen = (errand.status, errand.queued_at, errand.sent_at)
    reap()
    errand.refresh_from_db()
    assert (errand.status, errand.queued_at, errand.sent_at) == seen
    assert errand.status == "queued"
