"""How judges go by on the pages of numbers."""

import re

from traces.models import Judge

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
# As many digits of a commit as people compare.
SHOWN = 8


def judge_name(judge: Judge) -> str:
    """As `str`, but for the revision, of which a commit's first digits stand."""
    if judge.kind == Judge.Kind.REFERENCE or not _COMMIT.fullmatch(judge.revision):
        return str(judge)
    return f"{judge.name} ({judge.revision[:SHOWN]})"
