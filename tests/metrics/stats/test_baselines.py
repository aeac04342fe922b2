import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.baselines import LabelCount, baselines, constant_baseline, knows_final_answer

counts = st.dictionaries(st.integers(-1, 5), st.integers(1, 40), min_size=1).map(
    lambda found: [LabelCount(label, None, traces) for label, traces in found.items()]
)


def processbench(path: Path) -> list[LabelCount]:
    rows = json.loads(path.read_text())
    found = Counter((row["label"], row["final_answer_correct"]) for row in rows)
    return [LabelCount(label, answer, traces) for (label, answer), traces in found.items()]


@pytest.mark.parametrize(
    ("subset", "constant", "final_answer"), [("gsm8k", 24.8, 44.4), ("math", 22.1, 35.9)]
)
def test_floors_are_those_known_for_processbench(
    shared_data: Callable[[str], Path], subset: str, constant: float, final_answer: float
) -> None:
    found = baselines(processbench(shared_data(f"processbench/{subset}.json")))
    assert found.constant is not None
    assert found.final_answer is not None
    assert round(found.constant, 1) == constant
    assert round(found.final_answer, 1) == final_answer


@given(counts)
def test_best_constant_is_the_best_probability(rows: list[LabelCount]) -> None:
    steps = {row.label: row.traces for row in rows if row.label >= 0}
    found = constant_baseline(rows)
    if not steps or len(steps) == len(rows):
        assert found is None
        return
    p = np.linspace(0.001, 0.999, 9999)
    a, b = 100 * (1 - p) * max(steps.values()) / sum(steps.values()), 100 * p
    assert found == pytest.approx(float(np.max(2 * a * b / (a + b))), abs=1e-3)


def test_knows_final_answer_needs_every_answer_judged() -> None:
    rows = [LabelCount(-1, True, 5), LabelCount(2, False, 3), LabelCount(1, None, 1)]
    assert knows_final_answer(rows) is None


def test_knows_final_answer_answers_the_most_frequent_step_where_it_is_wrong() -> None:
    rows = [LabelCount(-1, True, 4), LabelCount(1, False, 2), LabelCount(3, True, 2)]
    assert knows_final_answer(rows) == pytest.approx(2 * 50 * 100 / 150)
