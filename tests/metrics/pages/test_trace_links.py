import pytest
from django.test import Client

from tests.metrics.page_reader import judge_page, read, words
from tests.metrics.worlds import World
from traces.models import Verdict

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
