"""Describe in the manifest where an export's rows come from."""

from collections import Counter
from typing import Any

import msgspec

from exports.curation.rule import Rule
from exports.curation.select import LeftOut
from exports.files.folder import Tally
from exports.lineage.index import held_by_judge, hold
from exports.models import Export, HeldIds
from traces.models import Judge


def describe_provenance(
    export: Export, rule: Rule, left_out: list[LeftOut], tally: Tally
) -> dict[str, Any]:
    """The manifest's part about the data. What the export holds is remembered on the way: it is
    what the verdicts are counted by, and it stays only if the transaction of the rows does."""
    version = export.rule_version
    hold(export, HeldIds.Kind.TRACE, tally.trace_ids)
    hold(export, HeldIds.Kind.VERDICT, tally.verdict_ids)
    holds_all = len(tally.verdict_ids) == tally.traces_seen
    counts = held_by_judge(export, holds_all=holds_all)
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
