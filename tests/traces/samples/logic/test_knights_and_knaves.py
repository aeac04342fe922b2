"""Puzzles, solved again from their text by trying every combination of kinds."""

import re
from itertools import product

import pytest

from traces.samples import generate

SPOKEN = re.compile(r"(\w+) (?:says|claims|declares|tells you): “(.+?)”")
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
Cast = dict[str, bool]


def is_true(said: str, speaker: str, cast: Cast) -> bool:
    me = cast[speaker]
    rules = [
        (r"(\w+) is a (knight|knave)\.", lambda a, kind: cast[a] == (kind == "knight")),
        (r"(\w+) and I are of the same kind\.", lambda a: cast[a] == me),
        (r"(\w+) and I are not of the same kind\.", lambda a: cast[a] != me),
        (r"(\w+) and I are both knaves\.", lambda a: not cast[a] and not me),
        (r"At least one of (\w+) and me is a knave\.", lambda a: not cast[a] or not me),
        (r"(\w+) and (\w+) are of the same kind\.", lambda a, b: cast[a] == cast[b]),
        (r"Exactly one of (\w+) and (\w+) is a knight\.", lambda a, b: cast[a] != cast[b]),
        (r"(\w+) is a knave or (\w+) is a knight\.", lambda a, b: not cast[a] or cast[b]),
        (r"If (\w+) is a knight, then (\w+) is a knave\.", lambda a, b: not cast[a] or not cast[b]),
        (r"(\w+) and (\w+) are both knights\.", lambda a, b: cast[a] and cast[b]),
        (
            r"Exactly (\w+) of us (?:is a knight|are knights)\.",
            lambda n: sum(cast.values()) == NUMBERS[n],
        ),
    ]
    for pattern, truth in rules:
        found = re.fullmatch(pattern, said)
        if found:
            return bool(truth(*found.groups()))
    raise AssertionError(f"unknown statement: {said}")


def solutions(problem: str) -> list[Cast]:
    spoken = SPOKEN.findall(problem)
    names = [name for name, _ in spoken]
    casts = [
        dict(zip(names, kinds, strict=True)) for kinds in product((True, False), repeat=len(names))
    ]
    return [
        cast
        for cast in casts
        if all(is_true(said, name, cast) == cast[name] for name, said in spoken)
    ]


def roles_in(sentence: str) -> Cast:
    return {
        name: kind == "knight" for name, kind in re.findall(r"(\w+) is a (knight|knave)", sentence)
    }


@pytest.fixture(scope="module")
def records():
    return list(generate(3000, 3, subsets=["knights-and-knaves"]))


def test_every_puzzle_has_exactly_the_reference_answer(records):
    for record in records:
        assert solutions(record.problem) == [roles_in(record.reference_answer)]


def test_puzzles_have_two_to_six_people(records):
    sizes = {len(roles_in(record.reference_answer)) for record in records}
    assert sizes == {2, 3, 4, 5, 6}


def test_the_last_step_gives_the_answer_that_the_record_names(records):
    for record in records:
        assert roles_in(record.steps[-1]) == roles_in(record.final_answer)
        right = roles_in(record.final_answer) == roles_in(record.reference_answer)
        assert record.final_answer_correct is right
        if record.label.earliest_error == -1:
            assert right


def test_conclusions_before_an_error_are_true(records):
    conclusion = re.compile(r"(?:So|Hence|Therefore) (\w+) (?:is|must be) a (knight|knave)\.$")
    checked = 0
    for record in records:
        truth = roles_in(record.reference_answer)
        end = record.label.earliest_error if record.label.earliest_error >= 0 else None
        supposing = False
        for step in record.steps[:end]:
            supposing = (
                supposing or bool(re.search("uppose|ssume that|assume for", step))
            ) and not ("contradiction" in step or "assumption fails" in step)
            found = conclusion.search(step)
            if found and not supposing:
                checked += 1
                assert truth[found[1]] is (found[2] == "knight"), record.steps
    assert checked > 1000


def test_labels_agree_with_themselves(records):
    wrong = [record for record in records if record.label.earliest_error >= 0]
    assert {record.label.error_type for record in wrong} == {
        *("logical", "conceptual", "completeness", "misreading", "context")
    }
    for record in records:
        assert len(record.label.step_labels) == len(record.steps)
    for record in wrong:
        label = record.label
        assert label.step_labels.index(-1) == label.earliest_error
        assert label.correction != record.steps[label.earliest_error]
        assert label.explanation


def test_steps_begin_with_a_capital(records):
    assert not [step for record in records for step in record.steps if step[0].islower()]
