from tests.inference.backends.chat.asking import reachable

__all__ = ["reachable"]
