import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.lookups import Exact

from tests.factories import make_dataset, make_trace, make_user
from traces.models import Cardinality, Trace
from traces.segmentation.resegment import resegment

pytestmark = pytest.mark.django_db


def test_traces_are_visible_with_their_dataset():
    closed = make_dataset()
    closed.members_only = True
    closed.save()
    public, hidden = make_trace(), make_trace(closed)
    member = make_user()
    closed.members.create(user=member)
    assert set(Trace.objects.visible_to(make_user())) == {public}
    assert set(Trace.objects.visible_to(member)) == {public, hidden}
    assert set(Trace.objects.visible_to(make_user(role="lead"))) == {public, hidden}
    assert not Trace.objects.visible_to(AnonymousUser()).exists()


def test_only_the_newest_segmentation_is_current():
    trace = make_trace()
    newest = resegment(trace, ["First, 2 + 2 = 4. Then 4 + 1 = 6.", "So the answer is 6."]).trace
    assert list(Trace.objects.current_segmentations()) == [newest]
    assert list(trace.resegmentations.all()) == [newest]


def test_the_step_count_is_the_number_of_steps():
    trace = make_trace(steps=["a", "b"])
    assert Trace.objects.filter(Exact(Cardinality("steps"), F("step_count"))).get() == trace
    for steps, count in ((["a"], 2), ([], 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Trace.objects.filter(pk=trace.pk).update(steps=steps, step_count=count)


def test_an_id_is_used_once_in_a_dataset():
    trace = make_trace(external_id="row-1")
    assert str(trace) == "row-1"
    make_trace(external_id="row-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_trace(trace.dataset, external_id="row-1")
