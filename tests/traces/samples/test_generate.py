from collections import Counter, defaultdict
from itertools import islice

import pytest

from traces.samples import FAMILIES, generate
from traces.samples.dice import Dice
from traces.samples.logic.knights_and_knaves import IslandPuzzle
from traces.samples.voices import VOICES


@pytest.fixture(scope="module")
def records():
    return list(generate(18_000, 5))


def test_the_same_seed_gives_the_same_traces():
    assert list(generate(500, 9)) == list(generate(500, 9))


def test_another_seed_gives_others():
    first = {record.problem for record in generate(500, 1)}
    assert len(first & {record.problem for record in generate(500, 2)}) < 0.05 * len(first)


def test_fewer_traces_are_the_beginning_of_more():
    assert list(generate(77, 4)) == list(islice(generate(10**9, 4), 77))


def test_no_trace_is_an_empty_stream():
    assert list(generate(0)) == []


def test_ids_name_seed_and_place(records):
    assert [record.id for record in records[:2]] == ["sample-5-0", "sample-5-1"]
    assert len({record.id for record in records}) == len(records)


def test_subsets_are_those_asked_for():
    found = {record.subset for record in generate(400, subsets=["units", "algebra"])}
    assert found == {"units", "algebra"}


@pytest.mark.parametrize("subsets", [["poetry"], []])
def test_an_unknown_subset_is_refused_when_asked_for(subsets):
    with pytest.raises(ValueError, match="there are arithmetic, units"):
        generate(10, subsets=subsets)


def test_every_family_gives_its_own_subset(records):
    shares = Counter(record.subset for record in records)
    assert set(shares) == set(FAMILIES)
    assert min(shares.values()) > 0.04 * len(records)
    assert max(shares.values()) < 0.40 * len(records)


def test_a_problem_has_two_to_five_attempts_by_different_generators(records):
    attempts = defaultdict(list)
    for record in records[:5000]:
        attempts[record.problem].append(record.generator)
    attempts.popitem()  # the last may be cut short
    sizes = Counter(len(generators) for generators in attempts.values())
    assert sum(sizes[size] for size in (2, 3, 4, 5)) >= 0.99 * len(attempts)
    assert min(sizes[size] for size in (2, 3, 4, 5)) > 0.15 * len(attempts)
    alike = [names for names in attempts.values() if len(names) <= 5]
    assert sum(len(set(names)) == len(names) for names in alike) >= 0.99 * len(alike)


def test_problems_are_seldom_repeated(records):
    drawn = [
        now.problem
        for before, now in zip([None, *records], records, strict=False)
        if before is None or before.problem != now.problem
    ]
    assert len(drawn) > 5000
    assert len(set(drawn[:5000])) > 0.95 * 5000


def test_generators_differ_in_how_often_and_where_they_go_wrong(records):
    rates, places = {}, {}
    for name in VOICES:
        own = [record for record in records if record.generator == name]
        wrong = [record for record in own if record.label.earliest_error >= 0]
        rates[name] = len(wrong) / len(own)
        places[name] = sum(r.label.earliest_error / len(r.steps) for r in wrong) / len(wrong)
        assert abs(rates[name] - VOICES[name].error_rate) < 0.08
    assert rates["sample-careful"] < 0.25 < 0.6 < rates["sample-guesser"]
    assert places["sample-hasty"] < places["sample-careful"] - 0.1


def test_every_error_type_occurs_and_none_prevails(records):
    types = Counter(record.label.error_type for record in records if record.label.error_type)
    assert set(types) == {
        *("calculation", "numeric", "logical", "conceptual"),
        *("completeness", "misreading", "context"),
    }
    total = sum(types.values())
    assert max(types.values()) < 0.35 * total
    assert min(types.values()) > 0.02 * total


def test_some_wrong_processes_reach_the_right_answer(records):
    wrong = [record for record in records if record.label.earliest_error >= 0]
    assert 0.05 < sum(record.final_answer_correct for record in wrong) / len(wrong) < 0.12


def test_most_traces_have_three_to_twelve_steps_and_a_few_up_to_forty(records):
    lengths = Counter(len(record.steps) for record in records)
    total = sum(lengths.values())
    assert sum(lengths[length] for length in range(3, 13)) > 0.9 * total
    assert 0.005 * total < sum(count for length, count in lengths.items() if length > 20)
    assert max(lengths) <= 42


def test_mathematics_comes_in_every_notation(records):
    text = "\n".join(step for record in records[:2000] for step in record.steps)
    for mark in (r"\(", r"\[", "$$", r"\boxed{", r"\frac{", r"\begin{aligned}", r"\%", " × "):
        assert mark in text


def test_a_variant_names_a_trace_of_the_problem_it_varies(records):
    by_id = {record.id: record for record in records}
    varied = [record for record in records if "variant_of" in record.metadata]
    assert {record.metadata["variant_kind"] for record in varied} == {"numbers", "statement"}
    for record in varied:
        original = by_id[record.metadata["variant_of"]]
        assert original.problem != record.problem
        assert original.subset == record.subset
        assert "variant_of" not in original.metadata
    assert 0.05 < len(varied) / len(records) < 0.2


def test_a_puzzle_with_a_changed_statement_keeps_its_people():
    dice = Dice(3)
    for _ in range(20):
        puzzle = IslandPuzzle(dice)
        variant = puzzle.variant(dice)
        pairs = zip(puzzle.scene.statements, variant.scene.statements, strict=True)
        assert sum(before != after for before, after in pairs) == 1
        assert variant.teller.names == puzzle.teller.names
