from typing import Any

import pytest
from django.http import QueryDict

from accounts.models import User
from metrics.judges.filters import LeaderboardFilter, OutcomeFilter
from metrics.pages.filters import FigureFilter
from tests.factories import label, make_dataset, make_trace, make_user, make_verdict
from tests.metrics.rows import make_model
from traces.models import Dataset, Judge, SavedFilter

pytestmark = pytest.mark.django_db

HOSTILE = '"><script>alert(1)</script>&dataset=x'


@pytest.fixture
def user() -> User:
    return make_user()


def labelled_dataset(name: str) -> Dataset:
    dataset = make_dataset(name)
    label(make_trace(dataset), -1)
    return dataset


def valid(form_type: type[FigureFilter], user: User, query: str = "") -> Any:
    form = form_type(QueryDict(query), user=user)
    assert form.is_valid(), form.errors
    return form


def test_without_a_dataset_the_page_is_about_the_newest_labelled_one(user: User) -> None:
    labelled_dataset("older")
    newest = labelled_dataset("newest")
    make_dataset("unlabelled")
    assert valid(FigureFilter, user).chosen_dataset == newest


def test_without_labels_or_with_an_empty_name_the_page_is_about_all_datasets(user: User) -> None:
    first = make_dataset()
    assert valid(FigureFilter, user).datasets == [first.pk]
    second = labelled_dataset("labelled")
    assert valid(FigureFilter, user).datasets == [second.pk]
    form = valid(FigureFilter, user, "dataset=")
    assert form.chosen_dataset is None
    assert form.datasets == [first.pk, second.pk]


def test_a_dataset_that_the_user_may_not_see_does_not_exist(user: User) -> None:
    dataset = labelled_dataset("secret")
    dataset.members_only = True
    dataset.save()
    form = FigureFilter(QueryDict("dataset=secret"), user=user)
    assert form.errors == {"dataset": ["No dataset has this name."]}
    assert valid(FigureFilter, user).datasets == []


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("reference=nobody", {"reference": ["No judge with verdicts has this number."]}),
        ("reference=0", {"reference": ["No judge with verdicts has this number."]}),
        ("selection=odd", {"selection": ["This dataset has no saved filter with this name."]}),
    ],
)
def test_unknown_choices_are_refused_with_a_sentence(
    user: User, query: str, errors: dict[str, list[str]]
) -> None:
    labelled_dataset("bench")
    assert LeaderboardFilter(QueryDict(query), user=user).errors == errors


def test_judges_to_choose_have_verdicts_and_are_no_dataset_labels(user: User) -> None:
    trace = make_trace(labelled_dataset("bench"))
    judge = make_model("critic")
    make_model("idle")
    make_verdict(trace, judge, None)
    field: Any = LeaderboardFilter(QueryDict(""), user=user).fields["reference"]
    assert list(field.queryset) == [judge]
    assert field.label_from_instance(Judge(kind="human", name=HOSTILE)) == f"{HOSTILE} (human)"


def test_a_saved_filter_belongs_to_its_dataset(user: User) -> None:
    dataset, other = labelled_dataset("bench"), labelled_dataset("other")
    trace = make_trace(dataset, subset="math")
    saved = SavedFilter.objects.create(dataset=dataset, name="mine", choices={"subset": "math"})
    form = valid(LeaderboardFilter, user, "dataset=bench&selection=mine")
    assert form.cleaned_data["selection"] == saved
    assert form.metrics_query(judge=4).choices == (("subset", "math"),)
    assert form.metrics_query(judge=4).judge == 4
    assert form.trace_ids() == [trace.pk]
    wrong = LeaderboardFilter(QueryDict(f"dataset={other.name}&selection=mine"), user=user)
    assert list(wrong.errors) == ["selection"]


def test_a_saved_filter_that_no_longer_fits_is_an_error_of_its_field(user: User) -> None:
    dataset = labelled_dataset("bench")
    SavedFilter.objects.create(dataset=dataset, name="gone", choices={"judge": "0"})
    form = LeaderboardFilter(QueryDict("selection=gone"), user=user)
    assert list(form.errors) == ["selection"]


def test_an_address_keeps_the_choices_but_no_links_own_field(user: User) -> None:
    labelled_dataset("bench")
    form = valid(OutcomeFilter, user, "dataset=&outcome=missed&page=2&bins=mass&odd=1")
    assert QueryDict(form.query).dict() == {"dataset": "", "bins": "mass"}
    assert [field.name for field in form.kept_fields()] == ["bins"]
    assert valid(OutcomeFilter, user).kept_fields() == []


def test_hostile_text_in_an_address_is_quoted(user: User) -> None:
    labelled_dataset("bench")
    query = valid(FigureFilter, user).query_with(dataset=HOSTILE)
    assert QueryDict(query).dict() == {"dataset": HOSTILE}
    assert "<" not in query


def test_links_offer_each_choice_and_mark_the_chosen_one(user: User) -> None:
    labelled_dataset("bench")
    links = valid(OutcomeFilter, user).links("bins")
    assert [(link.label, link.is_chosen) for link in links] == [
        ("equal width", True),
        ("equal counts", False),
    ]
    assert links[1].address == "?dataset=bench&bins=mass"
    chosen = valid(OutcomeFilter, user, "bins=mass").links("bins")
    assert [link.is_chosen for link in chosen] == [False, True]
