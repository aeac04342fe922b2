import re
import subprocess
import sys

import pytest

from inference.backends import BACKENDS, complete_parameters, get_entry, load_backend
from inference.backends.interface import BackendError, Recipe
from inference.models import Scorer

WEB = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
import misstep.urls, inference.tasks, inference.runs.views, inference.runs.wait
from django.urls import get_resolver
get_resolver().url_patterns
heavy = {"torch", "transformers", "vllm", "accelerate"} & set(sys.modules)
sys.exit(f"loaded {sorted(heavy)}" if heavy else 0)
"""


def test_the_web_process_loads_no_model_library():
    done = subprocess.run([sys.executable, "-c", WEB], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_wrong_name_is_a_sentence():
    with pytest.raises(BackendError) as caught:
        load_backend(Recipe("abacus"))
    names = ", ".join(sorted(BACKENDS))
    assert str(caught.value) == f"Unknown backend 'abacus'. Backends: {names}."


def test_a_missing_package_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "inference.backends.prm.qwen", None)
    with pytest.raises(BackendError, match="needs the package"):
        load_backend(Recipe("qwen-prm", "x"))


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_every_entry_has_a_known_kind_and_an_existing_class(name: str):
    module, _, attribute = get_entry(name).path.rpartition(".")
    assert get_entry(name).kind in Scorer.Kind.values
    assert hasattr(__import__(module, fromlist=[attribute]), attribute)


# The parameters that a backend needs in addition to an endpoint.
NEEDED = {"r-prm": {"prompt": "{question} {previous_steps} {now_step}"}}
ASKING = {name for name, known in BACKENDS.items() if known.kind == "critic"} | {"vllm-pooling"}


@pytest.mark.parametrize("name", sorted(name for name in BACKENDS if get_entry(name).parameters))
def test_completing_a_recipe_is_idempotent(name: str):
    where = {"endpoint": "https://models.example/v1"} if name in ASKING else {"dtype": "float32"}
    given = where | NEEDED.get(name, {})
    once = complete_parameters(Recipe(name, "owner/model", parameters=given))
    assert complete_parameters(Recipe(name, "owner/model", parameters=once)) == once


@pytest.mark.parametrize("name", ["pure-prm", "trl-prm"])
def test_the_separator_that_a_model_reads_is_written_down(name: str):
    assert complete_parameters(Recipe(name, "x")) == {"separator": "\n"}
    given = {"separator": "\n\n", "dtype": "float32"}
    assert complete_parameters(Recipe(name, "x", parameters=given)) == given


def test_a_backend_without_options_of_its_own_keeps_what_it_was_given():
    assert complete_parameters(Recipe("arithmetic", parameters={"a": 1})) == {"a": 1}


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("qwen-prm", {"separator": "x"}, "unknown field `separator`"),
        ("trl-prm", {"separator": ""}, "length >= 1"),
        ("skywork-prm", {"batch_tokens": "many"}, "Expected `int | null`, got `str`"),
        ("reasoneval-prm", {"batch_tokens": 0}, ">= 1"),
        ("pure-prm", {"dtype": "int4"}, "Invalid enum value 'int4'"),
    ],
)
def test_a_model_of_the_workers_own_is_refused_odd_parameters(
    name: str, given: dict[str, object], said: str
):
    with pytest.raises(BackendError, match=re.escape(said)):
        complete_parameters(Recipe(name, "x", parameters=given))
