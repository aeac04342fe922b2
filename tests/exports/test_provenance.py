"""The manifest's part about the data."""

import numpy as np
import pytest
from django.db import transaction

from exports.curation.rule import Rule
from exports.curation.select import Exclusion, choose
from exports.files.folder import ExportStats
from exports.models import Export, HeldIds
from exports.provenance import describe_provenance
from tests.factories import label, make_dataset, make_trace

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_manifest_names_rule_judges_and_what_was_left_out():
    dataset = make_dataset("things")
    verdicts = [label(make_trace(dataset), error) for error in (-1, 0)]
    export = Export.objects.create(dataset=dataset, recipe="processbench")
    stats = ExportStats(
        traces_seen=2,
        rows=2,
        problem_ids=np.array(sorted(verdict.trace.problem_id for verdict in verdicts)),
        trace_ids=np.array([verdict.trace_id for verdict in verdicts]),
        verdict_ids=np.array([verdict.pk for verdict in verdicts]),
    )
    with transaction.atomic():
        choose(dataset, Rule(), for_training=False)
        about = describe_provenance(export, Rule(), [Exclusion("duplicate traces", 3)], stats)
    assert about["dataset"] == "things"
    assert about["rule"]["name"] is None
    assert about["left_out"] == {"duplicate traces": 3}
    assert about["label_sources"] == {"reference": 2}
    (judge,) = about["judges"]
    assert judge["verdicts"] == 2
    held = HeldIds.objects.get(export=export, kind=HeldIds.Kind.VERDICT)
    assert held.ids == [verdict.pk for verdict in verdicts]
