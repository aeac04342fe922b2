"""Near-duplicates: problems of any datasets with the same or nearly the same text."""

from traces.duplicates.benchmarks import BenchmarkMatch, benchmark_matches
from traces.duplicates.match import match_problems

__all__ = ["BenchmarkMatch", "benchmark_matches", "match_problems"]
