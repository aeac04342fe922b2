import pytest
from django.test import Client
from django.urls import reverse

from metrics.stats.memorization import VariantPair, memorization
from tests import factories
from tests.metrics.page_reader import read, table_rows
from tests.metrics.worlds import World, traces_of
from traces.models import Dataset, ProblemMatch, ProblemVariant

pytestmark = pytest.mark.django_db


def test_memorization_is_the_functions(reader: Client, world: World) -> None:
    problems = sorted({trace.problem_id for trace in world.traces})
    pairs = []
    for original, variant in zip(problems[::2], problems[1::2], strict=False):
        ProblemVariant.objects.create(problem_id=variant, original_id=original, kind="numbers")
        pairs.append((original, variant))
    expected = []
    for original, variant in pairs:
        known = [
            [
                t.final_answer_correct
                for t in traces_of(world, "writer")
                if t.problem_id == problem and t.final_answer_correct is not None
            ]
            for problem in (original, variant)
        ]
        if all(known):
            a, b = (sum(answers) / len(answers) for answers in known)
            expected.append(VariantPair(str(original), str(original), a, b))
    figures = memorization(expected)
    rows = table_rows(read(reader, reverse("metrics:robustness")), "table.parts")
    row = next(row for row in rows if row[0] == "writer")
    for cell, one in zip(
        row[2:6],
        [figures.score, figures.accuracy, figures.variant_accuracy, figures.consistency],
        strict=True,
    ):
        assert one.value is not None
        assert cell.split()[0] == f"{one.value:.3f}"
    assert row[6] == str(len(expected))


def test_copies_of_benchmarks_are_counted(reader: Client, world: World) -> None:
    bench = Dataset.objects.create(name="official", is_benchmark=True)
    copies = [factories.make_trace(bench, problem=f"copy {n}").problem for n in range(3)]
    own = sorted({trace.problem_id for trace in world.traces})[:3]
    for problem, copy, similarity in zip(own, copies, (1.0, 1.0, 0.9), strict=True):
        ProblemMatch.objects.create(first_id=problem, second=copy, similarity=similarity)
    page = read(reader, reverse("metrics:robustness"))
    assert table_rows(page, "table.copies") == [["bench", "official", "2", "1"]]
    # The one that is there word for word is also like another: it counts once.
    ProblemMatch.objects.create(first_id=own[0], second=copies[1], similarity=0.8)
    page = read(reader, reverse("metrics:robustness"))
    assert table_rows(page, "table.copies") == [["bench", "official", "2", "1"]]
