"""Near duplicates: problems of any dataset whose texts are the same or nearly so."""

from traces.duplicates.benchmarks import BenchmarkMatch, benchmark_matches
from traces.duplicates.match import match_problems

__all__ = ["BenchmarkMatch", "benchmark_matches", "match_problems"]
