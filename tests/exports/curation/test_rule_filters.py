"""Which traces qualify, and which of them are kept."""

from collections import Counter

import pytest

from exports.curation.rule import Rule
from exports.curation.rule_preview import count
from tests.exports.curation.choices import chosen
from tests.factories import label, make_dataset, make_trace
from traces.models import Dataset, ProblemMatch, ProblemVariant, Trace

pytestmark = pytest.mark.django_db


def make_labelled(dataset: Dataset, name: str, error: int = -1, **fields) -> Trace:
    trace = make_trace(dataset, external_id=name, **fields)
    label(trace, error)
    return trace


def test_findings_and_kinds_of_error():
    dataset = make_dataset()
    label(make_trace(dataset, external_id="sum"), 0, error_type="calculation")
    label(make_trace(dataset, external_id="leap"), 1, error_type="logical")
    make_labelled(dataset, "fine")
    assert set(chosen(dataset, finding="wrong")) == {"sum", "leap"}
    assert set(chosen(dataset, finding="right")) == {"fine"}
    assert set(chosen(dataset, error_types=("logical",))) == {"leap", "fine"}


def test_a_resegmented_trace_counts_by_its_newest_segmentation():
    dataset = make_dataset()
    old = make_labelled(dataset, "old")
    Trace.objects.filter(pk=old.pk).update(is_current_segmentation=False)
    new = make_labelled(dataset, "new", problem=old.problem.text)
    Trace.objects.filter(pk=new.pk).update(resegmented_from=old)
    assert set(chosen(dataset)) == {"new"}


def test_problems_of_middling_difficulty():
    dataset = make_dataset()
    for problem, rights in (("easy", 4), ("middling", 2), ("hard", 0)):
        for number in range(4):
            error = -1 if number < rights else 0
            make_labelled(dataset, f"{problem}-{number}", error, problem=problem)
    found = chosen(dataset, duplicates="kept", least_rate=0.25, most_rate=0.75)
    assert set(found) == {f"middling-{number}" for number in range(4)}


def test_the_success_rate_goes_by_the_final_answer_where_it_is_known():
    dataset = make_dataset()
    make_labelled(dataset, "lucky", 0, problem="p", final_answer_correct=True)
    assert set(chosen(dataset, least_rate=0.5)) == {"lucky"}


def test_the_success_rate_is_of_all_attempts_whichever_are_kept():
    dataset = make_dataset()
    for problem, rights in (("easy", 4), ("middling", 2), ("hard", 0)):
        for number in range(4):
            error = -1 if number < rights else 0
            maker = "strong" if number == 0 else "weak"
            make_labelled(dataset, f"{problem}-{number}", error, problem=problem, generator=maker)
    middling = {"duplicates": "kept", "least_rate": 0.25, "most_rate": 0.75}
    assert set(chosen(dataset, **middling, finding="right")) == {"middling-0", "middling-1"}
    # Attempts that nobody reviewed count by their answer: four of the eight are right now.
    for _ in range(4):
        make_trace(dataset, problem="hard", final_answer_correct=True)
    found = chosen(dataset, **middling)
    assert {name for name in found if name.startswith("hard")} == {f"hard-{n}" for n in range(4)}
    # Of one generator: a policy's own difficulty.
    strong = Trace.objects.filter(generator__name="strong").first().generator_id
    assert chosen(dataset, generators=(strong,), **middling) == {}


def test_duplicates_keep_one():
    dataset = make_dataset()
    for name, problem in (("first", "p"), ("again", "p"), ("near", "p!"), ("far", "q")):
        make_labelled(dataset, name, problem=problem)
    first, near = (Trace.objects.get(external_id=name).problem_id for name in ("first", "near"))
    ProblemMatch.objects.create(first_id=first, second_id=near, similarity=0.9)
    assert set(chosen(dataset, duplicates="kept")) == {"first", "again", "near", "far"}
    assert set(chosen(dataset, duplicates="same")) == {"first", "near", "far"}
    assert set(chosen(dataset, duplicates="near")) == {"first", "far"}


def test_benchmarks_stay_out_of_training_unless_asked():
    benchmark, dataset = make_dataset(), make_dataset()
    Dataset.objects.filter(pk=benchmark.pk).update(is_benchmark=True)
    known = make_labelled(benchmark, "known", problem="p")
    make_labelled(dataset, "same", problem="p")
    near = make_labelled(dataset, "near", problem="p?")
    variant = make_labelled(dataset, "variant", problem="q")
    make_labelled(dataset, "other", problem="r")
    pair = sorted([known.problem_id, near.problem_id])
    ProblemMatch.objects.create(first_id=pair[0], second_id=pair[1], similarity=0.8)
    ProblemVariant.objects.create(problem=variant.problem, original=known.problem)
    everything = {"same", "near", "variant", "other"}
    assert set(chosen(dataset)) == {"other"}
    assert set(chosen(dataset, keep_benchmarks=True)) == everything
    assert set(chosen(dataset, for_training=False)) == everything
    assert chosen(benchmark) == {}
    assert set(chosen(benchmark, for_training=False)) == {"known"}


def test_caps_keep_so_many_and_the_same_ones():
    dataset = make_dataset()
    for number in range(6):
        generator = "many" if number < 5 else "few"
        make_labelled(dataset, str(number), problem="p", steps=[str(number)], generator=generator)
    kept = chosen(dataset, per_problem=2)
    assert len(kept) == 2
    assert kept == chosen(dataset, per_problem=2)
    assert len({frozenset(chosen(dataset, per_problem=2, seed=seed)) for seed in range(8)}) > 1
    by_generator = chosen(dataset, per_generator=1)
    assert len(by_generator) == 2
    assert "5" in by_generator


def test_balance_leaves_as_many_wrong_as_right():
    dataset = make_dataset()
    for number in range(5):
        make_labelled(dataset, f"p{number}", 0 if number else -1, problem="p", steps=[str(number)])
    for number in range(3):
        make_labelled(dataset, f"q{number}", problem="q", steps=[str(number)])

    def sides(**rule) -> Counter:
        found = chosen(dataset, **rule)
        return Counter((name[0], error < 0) for name, error in found.items())

    assert sum(sides(balance="split").values()) == 8
    assert sides(balance="problem") == {("p", True): 1, ("p", False): 1}
    assert sides(balance="split", subsets=("",), finding="wrong") == {}


def test_the_success_rate_is_of_traces_of_any_kind():
    dataset = make_dataset()
    for problem, longs in (("middling", "wrong"), ("easy", "right")):
        for number in range(4):
            is_long = number > 1
            error = 0 if is_long and longs == "wrong" else -1
            steps = ["One.", "Two.", "Three."] if is_long else ["One."]
            make_labelled(dataset, f"{problem}-{number}", error, problem=problem, steps=steps)
    short = {"most_steps": 1, "duplicates": "kept", "least_rate": 0.25, "most_rate": 0.75}
    assert set(chosen(dataset, **short)) == {"middling-0", "middling-1"}
    found = count(dataset, Rule(**short))
    assert (found.labelled, found.traces) == (4, 2)
    assert [(step.reason, step.traces) for step in found.left_out] == [
        ("success rate out of range", 2)
    ]


def test_the_variant_of_a_benchmarks_copy_stays_out_too():
    benchmark, dataset = make_dataset(), make_dataset()
    Dataset.objects.filter(pk=benchmark.pk).update(is_benchmark=True)
    make_labelled(benchmark, "known", problem="p")
    copy = make_labelled(dataset, "copy", problem="p")
    variant = make_labelled(dataset, "variant", problem="p, with other numbers")
    near = make_labelled(dataset, "near", problem="p, with other numbers!")
    make_labelled(dataset, "other", problem="r")
    ProblemVariant.objects.create(problem=variant.problem, original=copy.problem)
    ProblemMatch.objects.create(
        first_id=variant.problem_id, second_id=near.problem_id, similarity=0.9
    )
    assert set(chosen(dataset)) == {"other"}
