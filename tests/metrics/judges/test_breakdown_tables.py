import pytest
from django.test import Client

from metrics.stats.confusion_matrix import confusion
from tests.metrics.page_reader import judge_page, table_rows
from tests.metrics.worlds import World, verdict_pairs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["prm", "critic"])
def test_the_confusion_matrix_is_the_functions(reader: Client, world: World, kind: str) -> None:
    judge = getattr(world, kind)
    rows = verdict_pairs(world, judge)
    expected = confusion([(a.earliest_error, b.earliest_error, 1) for _, a, b in rows])
    shown = table_rows(judge_page(reader, judge), "table.confusion")
    counts = [[int(cell or 0) for cell in row[1:-1]] for row in shown]
    assert counts == [row for row in expected.counts.tolist() if sum(row)]
    assert [int(row[-1]) for row in shown] == [sum(row) for row in counts]
