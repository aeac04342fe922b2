"""The curation rule: whose verdict counts on a trace, and which traces to export."""

from typing import Any, Literal

import msgspec

from exports.errors import RuleError, error_message

JUDGE = "judge:"
SOURCES = ("consensus", "human", "reference")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A curation rule. Raises ValueError where two choices contradict each other.

    `labels` is the priority of judges whose verdict counts: consensus, human, reference, or one
    judge as "judge:12". Limits are None where there is none; shares are 0 to 1. Seed and shares
    decide the splits, and what caps and balancing keep.
    """

    labels: tuple[str, ...] = SOURCES
    # A person's verdict counts where all who judged the trace name that step, or more than half.
    people: Literal["unanimous", "majority"] = "unanimous"
    least_people: int = 1
    # Of a model named in `labels`.
    least_confidence: float = 0.0
    # The share of all judges but the consensus who name the step that counts.
    least_agreement: float = 0.0

    finding: Literal["any", "wrong", "right"] = "any"
    error_types: tuple[str, ...] = ()
    generators: tuple[int, ...] = ()
    subsets: tuple[str, ...] = ()
    least_steps: int | None = None
    most_steps: int | None = None
    most_characters: int | None = None
    # The share of a problem's traces that are right: of all of them, or all by `generators`, by the
    # final answer where it is known, else by the verdict that counts.
    least_rate: float = 0.0
    most_rate: float = 1.0
    # The choices of a saved filter as they were, under its name.
    filter_name: str = ""
    filter: dict[str, Any] = {}

    # kept; same: of traces alike in problem, generator and steps, the first; near: and of problems
    # that are nearly the same, the first.
    duplicates: Literal["kept", "same", "near"] = "same"
    keep_benchmarks: bool = False
    validation: float = 0.0
    test: float = 0.0
    per_problem: int | None = None
    per_generator: int | None = None
    # As many wrong traces as right ones, in each split or for each problem.
    balance: Literal["none", "split", "problem"] = "none"
    seed: int = 0

    def __post_init__(self) -> None:
        _check_labels(self.labels)
        for name in ("least_confidence", "least_agreement", "least_rate", "most_rate"):
            _check_share(name, getattr(self, name))
        _check_share("validation", self.validation)
        _check_share("test", self.test)
        if self.validation + self.test >= 1:
            raise ValueError("The validation and test shares leave nothing for training.")
        if self.least_rate > self.most_rate:
            raise ValueError("The minimum success rate is above the maximum.")
        for name in ("least_steps", "most_steps", "most_characters", "per_problem"):
            _check_count(name, getattr(self, name))
        _check_count("per_generator", self.per_generator)
        _check_count("least_people", self.least_people)
        if self.least_steps and self.most_steps and self.least_steps > self.most_steps:
            raise ValueError("The minimum number of steps is above the maximum.")

    def as_json(self) -> dict[str, Any]:
        """Return the choices that are not the default, so that a stored rule reads as chosen."""
        plain = msgspec.to_builtins(self)
        usual = msgspec.to_builtins(Rule())
        return {name: value for name, value in plain.items() if value != usual[name]}

    @property
    def bounds_rate(self) -> bool:
        return self.least_rate > 0 or self.most_rate < 1

    @property
    def judges(self) -> tuple[int, ...]:
        """Return the ids of the judges that the rule names."""
        return tuple(int(s.removeprefix(JUDGE)) for s in self.labels if s.startswith(JUDGE))


def parse_rule(stored: dict[str, Any]) -> Rule:
    """Return a stored rule. Raises RuleError."""
    try:
        return msgspec.convert(stored, Rule, strict=False)
    except msgspec.ValidationError as error:
        raise RuleError(error_message(error)) from error


def _check_labels(labels: tuple[str, ...]) -> None:
    if not labels:
        raise ValueError("Choose a label source: consensus, human, reference or a judge.")
    for source in labels:
        number = source.removeprefix(JUDGE)
        if source not in SOURCES and not (source.startswith(JUDGE) and number.isdecimal()):
            raise ValueError(
                f"Unknown label source {source!r}: use consensus, human, reference or judge:NUMBER."
            )
    if len(set(labels)) < len(labels):
        raise ValueError("A label source is named twice.")


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name.replace('_', ' ')} is {value:g}; it must be from 0 to 1.")


def _check_count(name: str, value: int | None) -> None:
    if value is not None and not 1 <= value < 2**31:
        raise ValueError(f"{name.replace('_', ' ')} is {value}; it must be 1 or more.")
