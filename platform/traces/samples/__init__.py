"""The project's own sample data: problems with worked attempts whose errors are known."""

from traces.samples.generate import FAMILIES, generate

__all__ = ["FAMILIES", "generate"]
