from tests.inference.scripted import scripted

__all__ = ["scripted"]
