"""A checker that compares a trace's final answer with the problem's reference answer."""

from inference.backends.final_answer.backend import FinalAnswerBackend

__all__ = ["FinalAnswerBackend"]
