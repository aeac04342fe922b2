"""Judges' names on the pages of figures."""

import re

from traces.models import Judge

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
# As many digits of a commit as people compare.
SHOWN = 8


def judge_name(judge: Judge) -> str:
    """Return the judge's name, with a commit shortened to its first digits."""
    if judge.kind == Judge.Kind.REFERENCE or not _COMMIT.fullmatch(judge.revision):
        return str(judge)
    return f"{judge.name}@{judge.revision[:SHOWN]}"
