import pytest

from annotations.review.verdicts import Review, ReviewConflict, save_revision
from tests.factories import label, make_trace, make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def test_two_peoples_verdicts_on_one_trace_both_survive():
    trace = make_trace()
    save_revision(trace, make_user("ada"), Review(earliest_error=1), based_on=0)
    save_revision(trace, make_user("bob"), Review(earliest_error=-1), based_on=0)
    verdicts = trace.verdicts.current().order_by("judge__name")
    assert [(v.judge.name, v.earliest_error) for v in verdicts] == [("ada", 1), ("bob", -1)]


def test_a_changed_mind_is_a_new_revision_and_the_old_one_stays():
    trace, user = make_trace(), make_user()
    save_revision(trace, user, Review(earliest_error=1), based_on=0)
    save_revision(trace, user, Review(earliest_error=2), based_on=1)
    verdicts = trace.verdicts.order_by("revision")
    assert [(v.revision, v.earliest_error, v.is_current) for v in verdicts] == [
        (1, 1, False),
        (2, 2, True),
    ]


def test_the_same_review_sent_twice_is_one_verdict():
    trace, user = make_trace(), make_user()
    review = Review(earliest_error=1, error_type="calculation", note="4 + 1 is 5")
    first = save_revision(trace, user, review, based_on=0)
    assert save_revision(trace, user, review, based_on=0) == first
    assert trace.verdicts.count() == 1


def test_a_change_in_another_window_is_a_conflict_and_writes_nothing():
    trace, user = make_trace(), make_user()
    save_revision(trace, user, Review(earliest_error=1), based_on=0)
    with pytest.raises(ReviewConflict) as conflict:
        save_revision(trace, user, Review(earliest_error=2), based_on=0)
    assert conflict.value.current.earliest_error == 1
    assert trace.verdicts.count() == 1


def test_what_was_shown_is_stored_with_the_verdict():
    trace = make_trace()
    judge = label(trace, 1).judge
    review = Review(earliest_error=0, shown_judges=(judge.pk,), shown_before_deciding=True)
    verdict = save_revision(trace, make_user(), review, based_on=0)
    stored = Verdict.objects.get(pk=verdict.pk)
    assert (stored.shown_judges, stored.shown_before_deciding) == ([judge.pk], True)
