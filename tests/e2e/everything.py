"""A platform with something on every page, and the address of each page."""

import json
import subprocess
import sys
from typing import Any

from django.urls import reverse

from tests.e2e.conftest import ROOT, Platform, environment
from tests.test_access import ADDRESSES

NAME = "everything"
SEED = f"""
import json
from tests.e2e.everything_made import make
print("MADE", json.dumps(make({NAME!r})))
"""

# What some pages are asked.
ASKED = {
    "exports:export-create": f"?dataset={NAME}&recipe=processbench",
    "exports:export-row": "?split=gsm8k&row=0",
    "metrics:generator-detail": f"?dataset={NAME}",
    "metrics:judge-detail": f"?dataset={NAME}",
}


def make_everything(platform: Platform) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "misstep.cli", "shell", "-v0"],
        input=SEED,
        cwd=ROOT,
        env=environment(platform.home),
        capture_output=True,
        text=True,
        timeout=240,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("MADE")]
    assert lines, done.stderr
    made: dict[str, Any] = json.loads(lines[0].removeprefix("MADE"))
    return made


def paths(made: dict[str, Any]) -> dict[str, str]:
    """Return a path of every named URL; ids of a new kind are added here."""
    queue = {name: made[name] for name in ("item", "member", "comment", "job")} | {
        "pk": made["queue"]
    }
    dataset = made["dataset"]
    # The longest beginning of a name counts.
    ids = {
        "accounts": {"pk": made["person"], "uid": "x", "token": "x"},
        "accounts:token": {"pk": made["token"]},
        "annotations": {"pk": made["trace"], "name": dataset},
        "annotations:comment-": queue,
        "annotations:dispute-": queue,
        "annotations:gold-": queue,
        "annotations:member-": queue,
        "annotations:queue-": queue | {"name": dataset},
        "annotations:review-": {"pk": made["lease"], "name": dataset},
        "annotations:review-list": {"pk": made["queue"]},
        "api": {"pk": made["run"], "name": dataset, "verb": "pause", "word": "off"},
        "api:export": {"pk": made["export"], "split": "gsm8k", "row": 0, "file": "manifest.json"},
        "api:judge": {"pk": made["judge"], "name": dataset},
        "api:generator": {"pk": made["generator"], "name": dataset},
        "api:rule": {"name": dataset, "rule": "wrong"},
        "api:trace": {"pk": made["trace"]},
        "api:verdict": {"pk": made["verdict"]},
        "exports": {"pk": made["export"], "name": "manifest.json"},
        "exports:judge": {"pk": made["judge"]},
        "exports:rule": {"pk": made["rule"], "name": dataset},
        "exports:verdict": {"pk": made["verdict"]},
        "inference": {"pk": made["run"]},
        "inference:scorer": {"pk": made["scorer"]},
        "inference:verdict": {"pk": made["verdict"]},
        "metrics:generator": {"pk": made["generator"], "chart": "errors", "suffix": "svg"},
        "metrics:judge": {"pk": made["judge"], "chart": "thresholds", "suffix": "json"},
        "traces": {"pk": made["trace"], "name": dataset},
        "traces:filter": {"pk": made["filter"], "name": dataset},
        "traces:import": {"pk": made["imported"]},
        "traces:member": {"pk": made["member"], "name": dataset},
        "training": {"pk": made["training"], "suffix": "svg"},
        "training:run-create": {"pk": made["export"]},
    }
    found = {}
    for name, pattern in ADDRESSES.items():
        wanted = pattern.pattern.converters
        starts = [start for start in ids if name.startswith(start)]
        known = ids[max(starts, key=len)] if wanted else {}
        found[name] = reverse(name, kwargs={key: known[key] for key in wanted}) + ASKED.get(
            name, ""
        )
    return found
