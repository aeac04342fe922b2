"""A checker that solves the equations a step states and names the first that do not agree."""

from inference.backends.algebra.backend import AlgebraBackend

__all__ = ["AlgebraBackend"]
