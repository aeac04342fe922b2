"""Measurements of the project's goals for speed and memory: `python -m benchmarks [NAME]`."""
