"""What scrolls sideways is reached by keys: by a link in it, or as a stop of its own."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.metrics.page_reader import read
from tests.metrics.worlds import make_world
from traces.models import ProblemVariant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("dataset", ["", "bench"])
def test_every_table_that_scrolls_is_reached_by_keys(client: Client, dataset: str) -> None:
    world = make_world()
    problems = sorted({trace.problem_id for trace in world.traces})
    for original, variant in zip(problems[::2], problems[1::2], strict=False):
        ProblemVariant.objects.create(problem_id=variant, original_id=original)
    client.force_login(make_user())
    lists = ["judge-list", "agreement-matrix", "agreement-people", "generator-list"]
    paths = [reverse(f"metrics:{name}") for name in [*lists, "error-rate", "robustness"]]
    paths.append(reverse("metrics:judge-detail", args=[world.prm.pk]))
    paths.append(reverse("metrics:generator-detail", args=[world.traces[0].generator.pk]))
    for path in paths:
        tables = read(client, path, dataset=dataset).select(".table-scroll")
        assert tables, path
        for table in tables:
            assert table.get("tabindex") == "0" or table.select("a, button"), table.get_text()[:80]
