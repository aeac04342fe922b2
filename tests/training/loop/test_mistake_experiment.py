"""The data of mistake tuning: correct traces, and wrong ones with one misconception."""

import pytest

from traces.models import Trace, Verdict
from training.jobs.export_reader import open_export
from training.loop.experiment import SeedRun
from training.loop.mistake_experiment import ARMS, WRONG_TAG, compare, export_rationales

pytestmark = pytest.mark.django_db(transaction=True)


def test_wrong_rationales_err_where_the_misconception_matters(seed: SeedRun):
    folder = export_rationales(seed)
    rows = list(open_export(folder, recipes=("mistake-tuning",)).rows("train"))
    count = seed.sizes.mistake_problems
    assert sum(row["is_correct"] for row in rows) == count
    assert count < len(rows) <= 5 * count
    verdicts = Verdict.objects.select_related("trace")
    wrong = verdicts.filter(trace__external_id__startswith="wrong")
    assert all(verdict.earliest_error >= 0 for verdict in wrong)
    assert all("-" in verdict.trace.steps[verdict.earliest_error] for verdict in wrong)
    assert Trace.objects.values("problem").distinct().count() == len(rows)


def test_every_arm_is_measured_on_all_held_out_problems(seed: SeedRun):
    compare(seed)
    assert seed.solved.keys() == {*ARMS, WRONG_TAG}
    assert {len(solved) for solved in seed.solved.values()} == {seed.sizes.held_out}
