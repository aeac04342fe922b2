"""Sample data made by the project: problems and attempts with known errors."""

from traces.samples.generate import FAMILIES, generate

__all__ = ["FAMILIES", "generate"]
