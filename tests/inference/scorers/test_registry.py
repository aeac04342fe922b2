from typing import Any

import pytest

from inference.backends import BACKENDS
from inference.backends.interface import Recipe
from inference.errors import ScoringRefused
from inference.models import Scorer
from inference.scorers.registry import builtin_scorer, get_or_create_scorer, get_scorer, recipe_of
from traces.models import Judge

pytestmark = pytest.mark.django_db


def prm(name: str = "prm-a", **fields: Any) -> Scorer:
    given = {"backend": "qwen-prm", "model": "owner/model", "revision": "c0ffee", **fields}
    return get_or_create_scorer(name, **given)


def test_a_scorer_has_its_kind_default_threshold_and_judge():
    scorer = prm()
    assert (scorer.kind, scorer.threshold, scorer.queue) == ("prm", 0.5, "prm")
    assert scorer.judge.kind == Judge.Kind.MODEL
    assert str(scorer.judge) == "prm-a@c0ffee"


def test_the_same_recipe_is_the_same_scorer_under_any_name():
    first = prm(parameters={"dtype": "float32"})
    assert prm(parameters={"dtype": "float32"}) == first
    assert prm("prm-b", parameters={"dtype": "float32"}) == first
    assert Scorer.objects.count() == Judge.objects.count() == 1


def test_another_threshold_is_another_scorer():
    assert prm("prm-b", threshold=0.7) != prm()


def test_a_name_with_another_recipe_is_refused_and_leaves_nothing():
    prm()
    with pytest.raises(
        ScoringRefused, match="There is already a scorer 'prm-a' with another recipe"
    ):
        prm(threshold=0.7)
    assert Scorer.objects.count() == Judge.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"backend": "abacus"}, "Unknown backend 'abacus'"),
        ({"model": " "}, "needs a model"),
        ({"threshold": 1.5}, "from 0 to 1"),
        ({"threshold": float("nan")}, "from 0 to 1"),
        ({"name": ""}, "is not a valid scorer name"),
        ({"name": "a@1"}, "is not a valid scorer name"),
        ({"name": "arithmetic"}, "not the name of a backend"),
        ({"model": "a\0b"}, r"U\+0000"),
        ({"revision": "\ud800"}, "a lone surrogate"),
        ({"parameters": {"system": "a\0"}}, r"U\+0000"),
        ({"parameters": {"a": [{"b\0": 1}]}}, r"U\+0000"),
        ({"parameters": {"a": float("inf")}}, "the number inf"),
        ({"parameters": {"speed": 1}}, "unknown field `speed`"),
        ({"parameters": {"batch_tokens": "many"}}, "got `str`"),
    ],
)
def test_a_recipe_that_cannot_be_run_is_refused(fields: dict, said: str):
    with pytest.raises(ScoringRefused, match=said):
        prm(**fields)


def test_a_builtin_scorer_is_made_once_a_revision(monkeypatch: pytest.MonkeyPatch):
    first = builtin_scorer("arithmetic")
    assert builtin_scorer("arithmetic") == first
    assert recipe_of(first) == Recipe("arithmetic", revision="1", parameters={})
    later = BACKENDS["arithmetic"].__class__(
        BACKENDS["arithmetic"].path, "checker", "the same, better", revision="2"
    )
    monkeypatch.setitem(BACKENDS, "arithmetic", later)
    second = builtin_scorer("arithmetic")
    assert second != first
    assert [str(s.judge) for s in (first, second)] == ["arithmetic@1", "arithmetic@2"]


def test_a_backend_that_needs_a_model_is_not_built_in():
    with pytest.raises(ScoringRefused, match="needs a model"):
        builtin_scorer("qwen-prm")


def test_a_scorer_is_found_by_name():
    assert (
        get_scorer("arithmetic")
        == builtin_scorer("arithmetic")
        == get_scorer(builtin_scorer("arithmetic").name)
    )
    scorer = prm()
    assert get_scorer("prm-a") == scorer
    with pytest.raises(ScoringRefused, match=r"No scorer 'x'\. Scorers: algebra, arithmetic,"):
        get_scorer("x")


def test_a_recipe_deeper_than_anybody_writes_is_refused():
    deep: Any = 1
    for _ in range(500):
        deep = [deep]
    with pytest.raises(ScoringRefused, match="more than 50 deep"):
        prm(parameters={"a": deep})
