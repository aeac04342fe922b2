"""A dataset's settings, members, saved filters, copies, and cutting a trace anew, as pages."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import label, make_dataset, make_trace, make_user, make_verdict
from traces.datasets.trace_filter import selected
from traces.duplicates import match_problems
from traces.models import Dataset, Judge, ProblemVariant, SavedFilter, Trace

pytestmark = pytest.mark.django_db

TEXT = "A farmer keeps 12 hens, and each of them lays 3 eggs a day for the market of the town."


def page(client: Client, name: str, *arguments: object) -> BeautifulSoup:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_settings_mark_a_benchmark(as_lead: Client):
    dataset = make_dataset()
    as_lead.post(
        reverse("traces:dataset-settings", args=[dataset.name]),
        {"description": "held out", "is_benchmark": "on"},
    )
    dataset.refresh_from_db()
    assert (dataset.description, dataset.is_benchmark) == ("held out", True)
    assert "benchmark" in page(as_lead, "traces:dataset-detail", dataset.name).text


def test_a_dataset_for_members_is_not_there_for_others(client: Client, as_lead: Client):
    dataset = make_dataset()
    trace = make_trace(dataset)
    as_lead.post(reverse("traces:dataset-settings", args=[dataset.name]), {"members_only": "on"})
    member, stranger = make_user(), make_user()
    as_lead.post(
        reverse("traces:member-add", args=[dataset.name]), {"user": member.pk, "role": "viewer"}
    )
    seen = {}
    for user in (member, stranger):
        client.force_login(user)
        seen[user] = [
            client.get(reverse("traces:dataset-detail", args=[dataset.name])).status_code,
            client.get(reverse("traces:trace-detail", args=[trace.pk])).status_code,
            dataset.name in client.get(reverse("traces:dataset-list")).content.decode(),
        ]
    assert seen == {member: [200, 200, True], stranger: [404, 404, False]}
    assert Dataset.objects.visible_to(stranger).count() == 0


def test_a_members_role_changes_and_ends(as_lead: Client):
    dataset, person = make_dataset(), make_user()
    for role in ("viewer", "reviewer"):
        as_lead.post(
            reverse("traces:member-add", args=[dataset.name]), {"user": person.pk, "role": role}
        )
    member = dataset.members.get()
    assert member.role == "reviewer"
    as_lead.post(reverse("traces:member-remove", args=[dataset.name, member.pk]))
    assert not dataset.members.exists()


def test_a_saved_filter_chooses_the_same_traces_later(as_lead: Client):
    dataset = make_dataset()
    wrong, right = make_trace(dataset), make_trace(dataset)
    judge = label(wrong, 1).judge
    label(right, -1)
    as_lead.post(
        reverse("traces:filter-save", args=[dataset.name]),
        {"name": "wrong ones", "judge": judge.pk, "finding": "error", "after": 3},
    )
    saved = SavedFilter.objects.get()
    assert saved.choices == {"judge": str(judge.pk), "finding": "error"}
    assert list(selected(dataset, saved.choices)) == [wrong]
    link = page(as_lead, "traces:dataset-detail", dataset.name).select_one(".saved-filters a")
    shown = as_lead.get(reverse("traces:dataset-detail", args=[dataset.name]) + link["href"])
    rows = BeautifulSoup(shown.content, "html.parser").select("tbody th a[href^='/traces/']")
    assert [row.text for row in rows] == [wrong.external_id]
    as_lead.post(reverse("traces:filter-delete", args=[dataset.name, saved.pk]))
    assert not SavedFilter.objects.exists()


def test_a_filter_that_fits_no_more_says_so():
    dataset = make_dataset()
    with pytest.raises(ValueError, match="subset doesn't apply to"):
        selected(dataset, {"subset": "gone"})


def test_filters_by_two_judges_answer_length_and_id():
    dataset = make_dataset()
    first = make_trace(dataset, external_id="a-1", final_answer_correct=True)
    second = make_trace(dataset, external_id="b-1", steps=["one", "two", "three", "four"])
    third = make_trace(dataset, external_id="b-2", final_answer_correct=False)
    reference = label(first, 1).judge
    label(second, 1)
    other = Judge.objects.create(kind="model", name="other")
    make_verdict(first, other, 1)
    make_verdict(second, other, 2)
    make_verdict(third, other, None)

    def found(**choices: object) -> list[Trace]:
        return list(selected(dataset, choices).order_by("pk"))

    both = {"judge": reference.pk, "other": other.pk}
    assert found(**both) == [first, second]
    assert found(**both, finding="disagree") == [second]
    assert found(unjudged=reference.pk) == [third]
    assert found(answer="unknown") == [second]
    assert found(answer="wrong") == [third]
    assert found(fewest=4) == [second]
    assert found(most=3) == [first, third]
    assert found(id="b-") == [second, third]
    with pytest.raises(ValueError, match="other judge to compare"):
        found(judge=reference.pk, finding="disagree")
    with pytest.raises(ValueError, match=r"\(5\) is above the maximum \(3\)"):
        found(fewest=5, most=3)


def test_copies_of_a_benchmark_are_flagged_where_they_appear(as_lead: Client):
    benchmark = make_dataset("bench")
    benchmark.is_benchmark = True
    benchmark.save()
    make_trace(benchmark, problem=TEXT)
    copy = make_trace(problem=TEXT)
    match_problems()
    assert "in a benchmark" in page(as_lead, "traces:dataset-detail", copy.dataset.name).text
    assert "is in the benchmark bench" in page(as_lead, "traces:trace-detail", copy.pk).text
    row = page(as_lead, "traces:duplicate-list", copy.dataset.name).select_one("tbody tr")
    assert [" ".join(cell.text.split()) for cell in row.select("th, td")] == [
        "bench benchmark",
        "1",
        "1",
        "0",
    ]


def test_pairs_with_a_dataset_that_one_may_not_see_stay_hidden(client: Client):
    hidden = make_dataset("hidden")
    hidden.members_only = True
    hidden.save()
    hidden.is_benchmark = True
    hidden.save()
    for number in range(51):
        make_trace(hidden, problem=TEXT, subset=str(number))
    copy = make_trace(problem=TEXT)
    match_problems()
    client.force_login(make_user())
    found = page(client, "traces:duplicate-list", copy.dataset.name)
    assert "hidden" not in found.text
    assert not found.select("nav.pages a")
    for name, where in (("dataset-detail", copy.dataset.name), ("trace-detail", copy.pk)):
        assert "benchmark" not in page(client, f"traces:{name}", where).select_one("main").text


def test_problems_of_one_family_are_shown_as_linked(as_lead: Client):
    dataset = make_dataset()
    texts = [TEXT, TEXT.replace("12", "15"), TEXT.replace("12", "17"), TEXT.replace("12", "18")]
    problems = [make_trace(dataset, problem=text).problem for text in texts]
    match_problems()
    for variant in problems[:2]:
        ProblemVariant.objects.create(problem=variant, original=problems[2])
    rows = (
        page(as_lead, "traces:duplicate-list", dataset.name).select("table")[1].select("tbody tr")
    )
    linked = ["marked" in row.select("td")[-1].text for row in rows]
    # The first three are a family; the fourth is of none.
    assert sorted(linked) == [False] * 3 + [True] * 3


def test_a_pair_with_other_numbers_is_linked_as_variants(as_lead: Client):
    dataset = make_dataset()
    first = make_trace(dataset, problem=TEXT)
    second = make_trace(dataset, problem=TEXT.replace("12", "15"))
    match_problems()
    form = page(as_lead, "traces:duplicate-list", dataset.name).select_one(
        "form[action$='variants/']"
    )
    data = {field["name"]: field["value"] for field in form.select("input[value]")}
    as_lead.post(form["action"], data)
    link = ProblemVariant.objects.get()
    assert (link.problem_id, link.original_id) == (second.problem_id, first.problem_id)
    assert link.kind == "numbers"


def test_a_trace_is_cut_anew_on_its_page(as_lead: Client):
    trace = make_trace(steps=["a = 1. b = 2.", "c = -----"])
    shown = page(as_lead, "traces:trace-resegment", trace.pk)
    text = shown.select_one("textarea").text.lstrip("\n")
    assert text == "a = 1. b = 2.\n------\nc = -----"
    changed = text.replace("\n", "\r\n").replace("a = 1. ", "a = 1.\r\n------\r\n")
    answer = as_lead.post(reverse("traces:trace-resegment", args=[trace.pk]), {"text": changed})
    new = Trace.objects.get(resegmented_from=trace)
    assert answer["Location"] == reverse("traces:trace-detail", args=[new.pk])
    assert new.steps == ["a = 1.", "b = 2.", "c = -----"]
    assert "This trace was re-split" in page(as_lead, "traces:trace-detail", trace.pk).text


def test_a_changed_word_is_refused_and_stays_in_the_field(as_lead: Client):
    trace = make_trace(steps=["a = 1.", "b = 2."])
    answer = as_lead.post(
        reverse("traces:trace-resegment", args=[trace.pk]), {"text": "a = 1.\r\nb = 3."}
    )
    shown = BeautifulSoup(answer.content, "html.parser")
    assert "changed near" in shown.select_one(".errorlist").text
    assert "b = 3." in shown.select_one("textarea").text
    assert Trace.objects.count() == 1


def test_a_way_to_cut_is_offered_in_the_field(as_lead: Client):
    trace = make_trace(steps=["One. Two.", "Three."])
    answer = as_lead.get(reverse("traces:trace-resegment", args=[trace.pk]), {"how": "sentence"})
    text = BeautifulSoup(answer.content, "html.parser").select_one("textarea").text
    assert [part.strip() for part in text.split("-----")] == ["One.", "Two.", "Three."]
