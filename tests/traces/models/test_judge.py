import pytest
from django.db import IntegrityError, transaction

from tests.factories import label, make_dataset, make_scorer, make_trace, make_user, make_verdict
from traces.models import Judge, Verdict

pytestmark = pytest.mark.django_db


def test_judges_of_a_dataset_are_found_among_judges_of_others():
    mine, other = make_dataset(), make_dataset()
    here, there, nowhere = (make_scorer(name).judge for name in ("here", "there", "nowhere"))
    # The other's trace lies between two of mine.
    first, between, last = make_trace(mine), make_trace(other), make_trace(mine)
    make_verdict(between, there, 1)
    make_verdict(last, here, None)
    make_verdict(first, nowhere, 0)
    Verdict.objects.filter(judge=nowhere).update(is_current=False)
    reference = label(first, 0).judge
    assert set(Judge.objects.who_judged(mine)) == {here, reference}
    assert list(Judge.objects.who_judged(other)) == [there]
    assert list(Judge.objects.who_judged(make_dataset())) == []


def test_models_are_open_and_other_judges_belong_to_datasets_one_may_see():
    hidden = make_dataset()
    hidden.members_only = True
    hidden.save()
    model = make_scorer("a-model").judge
    person = make_user("ann")
    human = Judge.objects.create(kind="human", name="ann", user=person)
    trace = make_trace(hidden)
    reference = label(trace, 0).judge
    make_verdict(trace, human, 1)
    stranger, member = make_user(), make_user()
    hidden.members.create(user=member)
    assert set(Judge.objects.visible_to(stranger)) == {model}
    assert set(Judge.objects.visible_to(member)) == {model, human, reference}
    assert set(Judge.objects.visible_to(make_user(role="lead"))) == {model, human, reference}


@pytest.mark.parametrize(
    "fields", [{"kind": "human"}, {"kind": "reference"}, {"kind": "owl"}], ids=lambda f: f["kind"]
)
def test_a_judge_has_the_person_or_dataset_of_its_kind(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Judge.objects.create(name="x", **fields)
