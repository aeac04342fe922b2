"""A checker that works out the arithmetic stated in each step and names the first that is false."""

from inference.backends.arithmetic.backend import ArithmeticBackend
from inference.backends.arithmetic.claims import FalseClaim, false_claims

__all__ = ["ArithmeticBackend", "FalseClaim", "false_claims"]
