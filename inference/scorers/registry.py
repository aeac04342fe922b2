"""The registry of scorers: each recipe is created once."""

import math
import re
from typing import Any

from django.db import IntegrityError, transaction

from inference.backends import BACKENDS, BackendEntry, complete_parameters, get_entry
from inference.backends.interface import BackendError, Recipe
from inference.errors import ScoringRefused
from inference.models import Scorer
from traces.models import Judge
from traces.surrogates import LONE_SURROGATE

DEEPEST = 50  # of objects in a recipe's parameters
# An @ is left to the built-in ones, which carry their revision in the name.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,99}")


def get_or_create_scorer(
    name: str,
    *,
    backend: str,
    model: str = "",
    revision: str = "",
    threshold: float | None = None,
    parameters: dict[str, Any] | None = None,
) -> Scorer:
    """Return the scorer of this recipe, created if it is new, whatever its name.

    Without a threshold or a parameter the backend's own default is stored: a later default changes
    no recipe. Raises ScoringRefused for a name that has another recipe and for an invalid recipe.
    """
    known = _entry(backend)
    threshold = known.default_threshold if threshold is None else threshold
    fields: dict[str, Any] = {
        "backend": backend,
        "model": model.strip(),
        "revision": revision.strip(),
        "threshold": threshold,
        "parameters": parameters or {},
    }
    _validate(name, known, **fields)
    fields["parameters"] = _complete_parameters(**fields)
    return _get_or_create(name, judge_name=name, kind=known.kind, fields=fields)


def builtin_scorer(name: str) -> Scorer:
    """Return the scorer of a backend that needs no model, at the revision that it declares."""
    known = _entry(name)
    if known.needs_model:
        raise ScoringRefused(f"The backend {name!r} needs a model. Add a scorer with a model.")
    fields: dict[str, Any] = {
        "backend": name,
        "model": "",
        "revision": known.revision,
        "threshold": known.default_threshold,
        "parameters": {},
    }
    scorer_name = f"{name}@{known.revision}"
    return _get_or_create(scorer_name, judge_name=name, kind=known.kind, fields=fields)


def get_scorer(name: str) -> Scorer:
    """Return a scorer by its name, or a built-in one by its backend's. Raises ScoringRefused."""
    scorer = Scorer.objects.filter(name=name).first()
    if scorer is not None:
        return scorer
    if name in BACKENDS and not BACKENDS[name].needs_model:
        return builtin_scorer(name)
    names = sorted({*Scorer.objects.values_list("name", flat=True), *builtin_names()})
    raise ScoringRefused(f"No scorer {name!r}. Scorers: {', '.join(names)}.")


def builtin_names() -> list[str]:
    return [name for name, known in BACKENDS.items() if not known.needs_model]


def recipe_of(scorer: Scorer) -> Recipe:
    """Return the recipe that a worker needs to load the scorer's backend."""
    return Recipe(
        backend=scorer.backend,
        model=scorer.model,
        revision=scorer.revision,
        threshold=scorer.threshold,
        parameters=scorer.parameters,
    )


def _entry(backend: str) -> BackendEntry:
    try:
        return get_entry(backend)
    except BackendError as error:
        raise ScoringRefused(str(error)) from error


def _validate(name: str, known: BackendEntry, **fields: Any) -> None:
    if not NAME.fullmatch(name) or name in BACKENDS:
        raise ScoringRefused(
            f"{name!r} is not a valid scorer name: use letters, digits, spaces and . _ / -, "
            "at most 100, and not the name of a backend."
        )
    if known.needs_model and not fields["model"]:
        raise ScoringRefused(f"The backend {fields['backend']!r} needs a model: a folder or an ID.")
    if odd := _unstorable_content(fields):
        raise ScoringRefused(f"The recipe contains {odd}, which can't be stored. Remove it.")
    threshold = fields["threshold"]
    if threshold is None:
        return
    if known.default_threshold is None:
        raise ScoringRefused(
            f"The backend {fields['backend']!r} returns no scores, so it takes no threshold."
        )
    if not known.lowest_score <= threshold <= 1:
        raise ScoringRefused(
            f"The threshold {threshold} is out of range: scores are from {known.lowest_score:g}"
            " to 1."
        )


def _unstorable_content(fields: dict[str, Any]) -> str:
    """Return a phrase for content that PostgreSQL can't store, or an empty string."""
    waiting: list[tuple[Any, int]] = [(fields, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            return f"lists or objects more than {DEEPEST} deep"
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list | tuple):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str) and "\0" in value:
            return "the character U+0000"
        elif isinstance(value, str) and LONE_SURROGATE.search(value):
            return "a lone surrogate"
        elif isinstance(value, float) and not math.isfinite(value) and depth > 1:
            return f"the number {value}"
    return ""


def _complete_parameters(**fields: Any) -> dict[str, Any]:
    try:
        return complete_parameters(Recipe(**fields))
    except BackendError as error:
        raise ScoringRefused(str(error)) from error


def _get_or_create(name: str, *, judge_name: str, kind: str, fields: dict[str, Any]) -> Scorer:
    same = Scorer.objects.filter(**fields).order_by("pk").first()
    if same is not None:
        return same
    try:
        with transaction.atomic():
            judge = Judge.objects.create(
                kind=Judge.Kind.MODEL, name=judge_name, revision=fields["revision"]
            )
            return Scorer.objects.create(name=name, kind=kind, judge=judge, **fields)
    except IntegrityError:
        # Either the name is taken, or somebody made the same scorer a moment ago.
        same = Scorer.objects.filter(name=name, **fields).first()
    if same is None:
        raise ScoringRefused(
            f"There is already a scorer {name!r} with another recipe. Choose another name."
        )
    return same
