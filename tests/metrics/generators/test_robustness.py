import pytest
from django.test import Client
from django.urls import reverse

from metrics.generators.robustness import contamination, kind_name, robustness, variant_pairs
from metrics.stats.memorization import VariantPair, memorization
from tests import factories
from tests.metrics.page_reader import read, table_rows
from tests.metrics.worlds import World, traces_of
from traces.models import Dataset, ProblemMatch, ProblemVariant, Trace

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


def test_a_kind_of_change_has_a_name() -> None:
    assert kind_name(None) == "all changes"
    assert kind_name("numbers") == "different numbers"
    with pytest.raises(ValueError, match="odd"):
        kind_name("odd")


def test_a_pair_needs_a_judged_answer_to_both_problems() -> None:
    dataset = factories.make_dataset()
    original = factories.make_trace(dataset, final_answer_correct=True)
    variant = factories.make_trace(dataset, final_answer_correct=None)
    ProblemVariant.objects.create(
        problem=variant.problem, original=original.problem, kind="numbers"
    )
    assert variant_pairs([dataset.pk]) == {}
    assert robustness([dataset.pk]) == []
    Trace.objects.filter(pk=variant.pk).update(final_answer_correct=False)
    number = original.problem_id
    assert variant_pairs([dataset.pk]) == {
        (original.generator_id, "numbers"): [VariantPair(str(number), str(number), 1.0, 0.0)]
    }
    assert variant_pairs([]) == {}


def test_several_kinds_of_change_have_rows_of_their_own() -> None:
    dataset = factories.make_dataset()
    for kind in ("numbers", "names"):
        first, second = (
            factories.make_trace(dataset, final_answer_correct=answer) for answer in (True, False)
        )
        ProblemVariant.objects.create(problem=second.problem, original=first.problem, kind=kind)
    rows = robustness([dataset.pk])
    assert [(row.kind, row.figures.originals) for row in rows] == [
        (None, 2),
        ("names", 1),
        ("numbers", 1),
    ]


def test_copies_in_a_dataset_that_is_not_looked_at_are_not_counted() -> None:
    bench = Dataset.objects.create(name="official", is_benchmark=True)
    own, copy = factories.make_trace().problem, factories.make_trace(bench).problem
    ProblemMatch.objects.create(first=own, second=copy, similarity=1.0)
    assert contamination([own.dataset_id]) == contamination([bench.pk]) == []
    (row,) = contamination([own.dataset_id, bench.pk])
    assert (row.benchmark, row.same, row.near) == ("official", 1, 0)
