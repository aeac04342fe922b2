"""A small real process reward model against the baselines on ProcessBench.

The model is a frozen 135M language model with a trained head.
Only the head is trained, on labelled steps of other datasets up to the first error, without any
problem that ProcessBench has too. A step's score is its probability of being correct; the first
step below the threshold is the first error. The threshold is chosen twice: on held-out problems of
the training sets, and on a tenth of ProcessBench's problems, whose traces are then excluded. The
baselines and the same head on surprisal only are measured for comparison.

Environment variables: BENCH_SMALL_PRM_MODEL (a GGUF file; nothing is measured without it),
BENCH_SMALL_PRM_DATA (a folder with the datasets' files), BENCH_SMALL_PRM_TRAIN (1,500 traces),
BENCH_SMALL_PRM_EACH (400 traces per subset), BENCH_SMALL_PRM_LAYER (20) and BENCH_SMALL_PRM_THREADS
(2). Takes about twenty minutes on one core that multiplies bfloat16.
"""

import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.report import Figure
from benchmarks.small_prm_features import Reader, StepFeatures, Text

MODEL = os.environ.get("BENCH_SMALL_PRM_MODEL", "")
DATA = os.environ.get("BENCH_SMALL_PRM_DATA", "")
TRAIN = int(os.environ.get("BENCH_SMALL_PRM_TRAIN", "1500"))
EACH = int(os.environ.get("BENCH_SMALL_PRM_EACH", "400"))
LAYER = int(os.environ.get("BENCH_SMALL_PRM_LAYER", "20"))
THREADS = int(os.environ.get("BENCH_SMALL_PRM_THREADS", "2"))

SUBSETS = ("gsm8k", "math")
# An equal number of traces from each, if it has enough.
TRAINING_SETS = ("mr_gsm8k", "mr_ben/math.json", "prmbench")
STRENGTHS = (1e-4, 1e-3, 1e-2)
SEED = 20_241_209

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A trace with its first error (0-based, -1 for none) and the features of its steps."""

    problem: str
    steps: Sequence[str]
    label: int
    final_answer_correct: bool | None
    features: StepFeatures | None = None


def measure() -> Iterator[Figure]:
    if not MODEL or not DATA:
        print(
            "small_prm: set BENCH_SMALL_PRM_MODEL to a GGUF file and BENCH_SMALL_PRM_DATA to the"
            " datasets' folder.",
            file=sys.stderr,
        )
        return
    tests = {name: sample(traces_of(f"processbench/{name}.json"), EACH) for name in SUBSETS}
    known = [trace for traces in tests.values() for trace in traces]
    training = [
        trace
        for name in TRAINING_SETS
        for trace in sample(without(traces_of(name), known), TRAIN // len(TRAINING_SETS))
    ]
    reader = Reader(Path(MODEL), layer=LAYER, threads=THREADS)
    tests = {name: read(reader, traces) for name, traces in tests.items()}
    training = read(reader, training)
    yield Figure("traces trained on", len(training), "")
    yield Figure("of these with an error", sum(t.label >= 0 for t in training), "")
    for name, traces in tests.items():
        yield from floor_figures(name, traces)
        yield from own_half_figures(name, traces)
    for what, columns in {"surprisal alone": surprisal, "states and surprisal": everything}.items():
        yield from head_figures(what, columns, training, tests)


# --- The datasets -------------------------------------------------------------------------------


def traces_of(name: str) -> list[Labelled]:
    from traces.formats.format_reader import read_rows
    from traces.records import TraceRecord

    path = Path(DATA) / name
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [
        Labelled(record.problem, record.steps, label, record.final_answer_correct)
        for file in files
        for record in read_rows(file)
        if isinstance(record, TraceRecord) and record.label and len(record.steps) > 1
        if (label := record.label.earliest_error) is not None
    ]


def sample(traces: list[Labelled], count: int) -> list[Labelled]:
    return random.Random(SEED).sample(traces, min(count, len(traces)))


def normal(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def without(traces: list[Labelled], known: list[Labelled]) -> list[Labelled]:
    """Return the traces whose problems are no duplicates or near-duplicates of the known ones."""
    from traces.duplicates.shingles import ALIKE, bands, shingles, similarity

    places: dict[int, list[frozenset[str]]] = {}
    for problem in {trace.problem for trace in known}:
        for band in bands(shingles(problem)):
            places.setdefault(band, []).append(shingles(problem))

    def is_new(problem: str) -> bool:
        own = shingles(problem)
        others = (other for band in bands(own) for other in places.get(band, ()))
        return all(similarity(own, other) < ALIKE for other in others)

    new = {problem for problem in {trace.problem for trace in traces} if is_new(problem)}
    return [trace for trace in traces if trace.problem in new]


def read(reader: Reader, traces: list[Labelled]) -> list[Labelled]:
    """Return the traces with their features, without the traces too long for the model."""
    features = reader.read([Text(trace.problem, trace.steps) for trace in traces])
    return [
        replace(trace, features=found)
        for trace, found in zip(traces, features, strict=True)
        if found
    ]


# --- The head ------------------------------------------------------------------------------------


def surprisal(features: StepFeatures) -> Floats:
    return np.asarray(features.surprisal, dtype=np.float64)


def everything(features: StepFeatures) -> Floats:
    return np.hstack([features.states, features.surprisal]).astype(np.float64)


Columns = Callable[[StepFeatures], Floats]


def fitted(traces: list[Labelled], columns: Columns, strength: float) -> Any:
    """Return a head for the probability that a step is correct.

    It is fitted on the steps up to the first error of each trace.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, right = [], []
    for trace in traces:
        assert trace.features
        end = len(trace.steps) if trace.label < 0 else trace.label + 1
        rows.append(columns(trace.features)[:end])
        right += [place != trace.label for place in range(end)]
    head = make_pipeline(
        StandardScaler(), LogisticRegression(C=strength, class_weight="balanced", max_iter=300)
    )
    return head.fit(np.vstack(rows), right)


def scores(head: Any, traces: list[Labelled], columns: Columns) -> list[Floats]:
    return [head.predict_proba(columns(t.features))[:, 1] for t in traces if t.features]


def first_below(step_scores: Floats, threshold: float) -> int:
    below = np.flatnonzero(step_scores < threshold)
    return int(below[0]) if len(below) else -1


def f1_at(threshold: float, traces: list[Labelled], found: list[Floats]) -> float:
    from metrics.stats.processbench import score

    pairs = [(t.label, first_below(s, threshold)) for t, s in zip(traces, found, strict=True)]
    return score(pairs).f1 or 0.0


def best_threshold(traces: list[Labelled], found: list[Floats]) -> float:
    tried = np.quantile(np.concatenate(found), np.linspace(0.005, 0.6, 120))
    return float(max(tried, key=lambda threshold: f1_at(threshold, traces, found)))


def split(traces: list[Labelled], share: float) -> tuple[list[int], list[int]]:
    """Return the indices of the traces of this share of the problems, and of the others."""
    problems = sorted({normal(trace.problem) for trace in traces})
    random.Random(SEED).shuffle(problems)
    chosen = set(problems[: round(share * len(problems))])
    sides: tuple[list[int], list[int]] = ([], [])
    for place, trace in enumerate(traces):
        sides[normal(trace.problem) not in chosen].append(place)
    return sides


def head_figures(
    what: str, columns: Columns, training: list[Labelled], tests: dict[str, list[Labelled]]
) -> Iterator[Figure]:
    own, rest = split(training, 0.2)
    held_out, used = [training[i] for i in own], [training[i] for i in rest]

    def on_held_out(strength: float) -> tuple[float, float]:
        found = scores(fitted(used, columns, strength), held_out, columns)
        threshold = best_threshold(held_out, found)
        return f1_at(threshold, held_out, found), threshold

    reached = {strength: on_held_out(strength) for strength in STRENGTHS}
    strength = max(reached, key=lambda one: reached[one][0])
    yield Figure(f"{what}: F1 on held-out training problems", reached[strength][0], "%")
    head = fitted(used, columns, strength)
    for name, traces in tests.items():
        found = scores(head, traces, columns)
        yield from benchmark_figures(f"{what}, {name}", traces, found, reached[strength][1])


# --- ProcessBench --------------------------------------------------------------------------------


def floor_figures(name: str, traces: list[Labelled]) -> Iterator[Figure]:
    from metrics.stats.baselines import LabelCount, baselines

    counts = Counter((trace.label, trace.final_answer_correct) for trace in traces)
    both = baselines(LabelCount(label, right, count) for (label, right), count in counts.items())
    yield Figure(f"{name}: traces", len(traces), "")
    yield Figure(f"{name}: floor, best constant answer", both.constant or 0.0, "% F1")
    yield Figure(f"{name}: floor, knows the final answer", both.final_answer or 0.0, "% F1")


def benchmark_figures(
    name: str, traces: list[Labelled], found: list[Floats], threshold: float
) -> Iterator[Figure]:
    yield from f1_figures(f"{name}, threshold of the training sets", traces, found, threshold)
    tenth, rest = split(traces, 0.1)
    own = best_threshold([traces[i] for i in tenth], [found[i] for i in tenth])
    others, of_others = [traces[i] for i in rest], [found[i] for i in rest]
    yield from f1_figures(f"{name}, threshold of a tenth of it", others, of_others, own)


def own_half_figures(name: str, traces: list[Labelled]) -> Iterator[Figure]:
    """Train head and threshold on half of the subset's problems, as an upper bound."""
    half, rest = split(traces, 0.5)
    own, others = [traces[i] for i in half], [traces[i] for i in rest]
    head = fitted(own, everything, STRENGTHS[1])
    threshold = best_threshold(own, scores(head, own, everything))
    found = scores(head, others, everything)
    yield from f1_figures(f"{name}, trained on half of it", others, found, threshold)


def f1_figures(
    name: str, traces: list[Labelled], found: list[Floats], threshold: float
) -> Iterator[Figure]:
    """Yield F1 with its 95 % interval by problem."""
    from metrics.stats.bootstrap import by_problem, f1_intervals

    hits = [first_below(s, threshold) == t.label for t, s in zip(traces, found, strict=True)]
    wrong = np.array([trace.label >= 0 for trace in traces])
    right = np.array(hits)
    counts = np.stack([wrong, wrong & right, ~wrong, ~wrong & right], axis=1).astype(np.int64)
    problems = np.unique([normal(trace.problem) for trace in traces], return_inverse=True)[1]
    each = by_problem(problems, counts)
    # The last column: each row is one problem.
    interval = f1_intervals([np.hstack([each, np.ones((len(each), 1), np.int64)])]).subsets[0]
    yield Figure(f"{name}: F1", f1_at(threshold, traces, found), "%")
    if interval:
        yield Figure(f"{name}: F1, low", interval.low, "%")
        yield Figure(f"{name}: F1, high", interval.high, "%")
