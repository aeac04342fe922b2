from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.judges.leaderboard import leaderboard
from metrics.stats.confusion_matrix import BINS, confusion, outcome, outcomes
from metrics.stats.processbench import score
from tests.metrics.rows import judge_traces, label_traces, make_dataset, make_model

position = st.integers(-1, 40)
cells = st.lists(
    st.tuples(position, st.one_of(st.none(), position), st.integers(1, 5)), max_size=20
)
Cells = list[tuple[int, int | None, int]]


@pytest.mark.parametrize(
    ("label", "prediction", "name"),
    [
        (2, 2, "exact"),
        (2, 1, "too_early"),
        (2, 3, "too_late"),
        (2, -1, "missed"),
        (2, None, "unparsable"),
        (-1, -1, "accepted"),
        (-1, 0, "false_alarm"),
        (-1, None, "unparsable"),
    ],
)
def test_outcome_names_the_difference(label: int, prediction: int | None, name: str) -> None:
    assert outcome(label, prediction) == name


@given(cells)
def test_confusion_and_outcomes_count_every_trace_once(rows: Cells) -> None:
    total = sum(traces for _, _, traces in rows)
    matrix, counts = confusion(rows), outcomes(rows)
    assert matrix.counts.sum() == sum(asdict(counts).values()) == total
    assert matrix.exact.sum() == counts.exact + counts.accepted
    assert matrix.counts[:, -1].sum() == counts.unparsable
    assert matrix.counts[-1].sum() == sum(n for label, _, n in rows if label == -1)
    assert matrix.counts[:-1, -2].sum() == counts.missed
    one_by_one = score((label, said) for label, said, n in rows for _ in range(n))
    assert one_by_one.n_erroneous == matrix.counts[:-1].sum()


@given(cells)
def test_confusion_does_not_depend_on_the_order(rows: Cells) -> None:
    assert np.array_equal(confusion(rows[::-1]).counts, confusion(rows).counts)


def test_confusion_bins_positions_by_their_first_step() -> None:
    found = confusion([(5, 4, 1), (13, 9, 1), (14, 200, 1), (3, 2, 1), (-1, None, 2)])
    places = {tuple(place): int(found.counts[tuple(place)]) for place in np.argwhere(found.counts)}
    none = len(BINS)
    assert places == {(4, 4): 1, (6, 6): 1, (7, 7): 1, (3, 2): 1, (none, none + 1): 2}
    assert found.exact.sum() == 0


@pytest.mark.django_db
def test_outcomes_equal_what_the_database_counts() -> None:
    dataset, reference = make_dataset()
    labels, said = [2, 2, 2, 2, 2, -1, -1, -1], [2, 1, 4, -1, None, -1, 3, None]
    judge_traces(make_model("prm"), label_traces(dataset, reference, "s", labels), said)
    (row,) = leaderboard(dataset).judges
    assert row.outcomes == outcomes(zip(labels, said, [1] * len(labels), strict=True))
