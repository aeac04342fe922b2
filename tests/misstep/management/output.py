"""The output of a management command."""

import io
from typing import Any

from django.core.management import call_command


def output_of(*words: str, **options: Any) -> str:
    """Run a command and return everything that it prints."""
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=out, **options)
    return out.getvalue()
