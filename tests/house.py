"""The faults of the house that are known and shrink: none may be added to `house_baseline.json`."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

BASELINE = Path(__file__).with_name("house_baseline.json")


def check(kind: str, faults: Iterable[str]) -> None:
    """Fail with every fault of a kind that is not in the baseline; lines may have moved."""
    faults = list(faults)
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if "HOUSE_BASELINE" in os.environ:
        _write(known, kind, faults)
        return
    left = Counter(known.get(kind, []))
    left.subtract(map(_without_line, faults))
    new = sorted(fault for fault in faults if left[_without_line(fault)] < 0)
    assert not new, "\n".join([f"{len(new)} {kind}:", *new])


def _write(known: dict[str, list[str]], kind: str, faults: list[str]) -> None:
    known[kind] = sorted(map(_without_line, faults))
    left = {kind: faults for kind, faults in sorted(known.items()) if faults}
    BASELINE.write_text(json.dumps(left, indent=0) + "\n")


def _without_line(fault: str) -> str:
    return re.sub(r":\d+:", ":", fault)
