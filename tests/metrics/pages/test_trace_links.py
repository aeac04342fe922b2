from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from metrics.pages.trace_links import POSITIONS, TraceLinks, length_choice
from metrics.stats.breakdown import band_names
from metrics.stats.confusion_matrix import position_names
from tests.factories import make_dataset, make_reference_judge
from tests.metrics.page_reader import judge_page, read, words
from tests.metrics.worlds import World
from traces.models import Dataset, Judge, SavedFilter, Verdict

pytestmark = pytest.mark.django_db


def test_every_part_leads_to_as_many_traces_as_it_says(reader: Client, world: World) -> None:
    page = judge_page(reader, world.critic)
    links = page.select("table.parts td.number a, table.confusion td:not(.total) a")
    assert len(links) > 20
    for link in links[::4]:
        found = read(reader, str(link["href"]))
        count = int(link.find(string=True, recursive=False) or 0)
        assert len(found.select("table.list a[href^='/traces/']")) == min(count, 50), link


def test_the_traces_behind_a_part_are_as_many_as_it_counts(reader: Client, world: World) -> None:
    person = world.people[0]
    unsure = Verdict.objects.filter(judge=person).values_list("pk", flat=True)[:8]
    Verdict.objects.filter(pk__in=list(unsure)).update(earliest_error=None, failure="unsure")
    page = judge_page(reader, world.prm, reference=str(person.pk))
    links = page.select("table.parts td.number a")
    counted = [int(words(link.parent, "a")[0].split()[0]) for link in links]
    behind = [
        len(read(reader, str(link["href"])).select("tbody a[href^='/traces/']")) for link in links
    ]
    assert counted == behind
    assert len(links) > 10


def links_of(dataset: Dataset | None, **choices: object) -> TraceLinks:
    form: Any = SimpleNamespace(chosen_dataset=dataset, cleaned_data=choices)
    return TraceLinks(form)


def test_a_link_has_the_saved_filters_choices_and_its_own() -> None:
    saved = SavedFilter(choices={"subset": "math", "finding": "error"})
    link = links_of(Dataset(name="bench"), selection=saved).to(judge=3, finding="", other=None)
    path, query = link.split("?")
    assert path == reverse("traces:dataset-detail", args=["bench"])
    assert QueryDict(query).dict() == {"subset": "math", "judge": "3"}


def test_hostile_text_in_a_link_is_quoted() -> None:
    link = links_of(Dataset(name="bench")).to(error_type='"><script>&judge=1')
    assert QueryDict(link.split("?")[1]).dict() == {"error_type": '"><script>&judge=1'}
    assert "<" not in link
    assert '"' not in link


def test_over_several_datasets_there_are_no_links() -> None:
    links = links_of(None)
    assert links.to(judge=3) == ""
    assert links.reference is None


def test_the_reference_is_the_chosen_one_or_the_datasets_own() -> None:
    dataset = make_dataset("bench")
    assert links_of(dataset).reference is None
    own = make_reference_judge(dataset)
    dataset.refresh_from_db()
    assert links_of(dataset).reference == own.pk
    assert links_of(dataset, reference=Judge(pk=own.pk + 1)).reference == own.pk + 1


def test_every_band_of_lengths_has_its_filter() -> None:
    choices = [length_choice(name) for name in band_names()]
    assert choices[0] == {"fewest": 1, "most": 3}
    assert choices[-1] == {"fewest": 31}
    assert all(a["most"] + 1 == b["fewest"] for a, b in pairwise(choices))
    with pytest.raises(ValueError, match="odd"):
        length_choice("odd")


def test_every_row_and_column_of_the_confusion_matrix_has_its_filter() -> None:
    assert POSITIONS == ["1", "2", "3", "4", "5-6", "7-9", "10-14", "15-", "none", "unusable"]
    assert len(POSITIONS) == len(position_names()) + 1
