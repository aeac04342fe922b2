"""Provenance of an export's rows, for the manifest."""

from collections import Counter
from typing import Any

import msgspec

from exports.curation.rule import Rule
from exports.curation.select import Exclusion
from exports.files.folder import ExportStats
from exports.lineage.index import count_by_judge, record_contents
from exports.models import Export, HeldIds
from traces.models import Judge


def describe_provenance(
    export: Export, rule: Rule, left_out: list[Exclusion], tally: ExportStats
) -> dict[str, Any]:
    """Return the manifest's part about the data, and record what the export holds.

    Verdicts are counted from that record, which stays only if the rows' transaction commits.
    """
    version = export.rule_version
    record_contents(export, HeldIds.Kind.TRACE, tally.trace_ids)
    record_contents(export, HeldIds.Kind.VERDICT, tally.verdict_ids)
    holds_all = len(tally.verdict_ids) == tally.traces_seen
    counts = count_by_judge(export, holds_all=holds_all)
    found = list(Judge.objects.filter(pk__in=counts).order_by("pk"))
    judges = [
        {
            "id": judge.pk,
            "kind": judge.kind,
            "name": str(judge),
            "revision": judge.revision,
            "verdicts": counts[judge.pk],
        }
        for judge in found
    ]
    kinds: Counter[str] = Counter()
    for judge in found:
        kinds[judge.kind] += counts[judge.pk]
    return {
        "dataset": export.dataset.name,
        "rule": {
            "name": version.name if version else None,
            "version": version.version if version else None,
            "choices": msgspec.to_builtins(rule),
        },
        "left_out": {step.reason: step.traces for step in left_out},
        "traces": len(tally.trace_ids),
        "problems": len(tally.problem_ids),
        "label_sources": dict(sorted(kinds.items())),
        "judges": judges,
    }
