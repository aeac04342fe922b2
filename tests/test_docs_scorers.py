"""The examples of docs/scorers.md, run in order: a section's blocks share their names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inference.backends import BACKENDS
from inference.backends.chat.options import ChatOptions, ServerOptions
from inference.backends.critic.options import CriticOptions
from inference.backends.generative_prm.gen_prm import GenPrmOptions
from inference.backends.generative_prm.r_prm import RPrmOptions
from inference.backends.generative_prm.think_prm import ThinkPrmOptions
from inference.backends.prm.options import OPTIONS, PrmOptions
from inference.backends.prm.vllm_pooling import PoolingOptions
from tests.openai_server import completion, serving
from tests.tiny_prms import make_token_classifier

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scorers.md"
# Backends that the examples make.
ADDED = ("mark-prm", "probability")
ASKED: dict[str, type[ServerOptions]] = {
    "critic": CriticOptions,
    "gen-prm": GenPrmOptions,
    "r-prm": RPrmOptions,
    "think-prm": ThinkPrmOptions,
    "vllm-pooling": PoolingOptions,
}
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sections() -> Iterator[tuple[str, str]]:
    """(title, text) of the page's sections."""
    for part in re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        yield title, text


EXAMPLES = {title: BLOCK.findall(text) for title, text in sections() if BLOCK.search(text)}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Set up the server and model that the page assumes, and remove what it adds afterwards."""
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "127.0.0.1")
    for name in ADDED:
        monkeypatch.setitem(BACKENDS, name, BACKENDS["qwen-prm"])
        del BACKENDS[name]
    model = str(make_token_classifier(tmp_path / "model"))
    with serving(completion("Paragraph 1 says that 4 is 5. \\boxed{\\text{1}}")) as server:
        yield {"ENDPOINT": server.url, "MODEL": model}


@pytest.mark.parametrize("title", sorted(EXAMPLES))
def test_the_examples_of_a_section_run(title: str, given: dict[str, Any]):
    names = dict(given)
    for number, block in enumerate(EXAMPLES[title], 1):
        exec(compile(block, f"docs/scorers.md, {title}, block {number}", "exec"), names)
    assert len(names) > len(given)


def test_the_page_has_examples():
    added = {f"Add a {kind}" for kind in ("process reward model", "critic", "checker")}
    assert added <= EXAMPLES.keys()


def rows() -> dict[str, list[str]]:
    """Return the table of backends: a name and its other cells."""
    text = dict(sections())["Backends"]
    found = re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split(" |")] for name, cells in found}


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_the_table_of_backends_is_true(name: str):
    known = BACKENDS[name]
    kind, _, threshold, parameters = rows()[name]
    assert kind.lower() == known.kind
    default = known.default_threshold
    assert threshold.split(",")[0] == ("none" if default is None else f"{default:g}")
    assert set(re.findall(r"`(\w+)`", parameters)) == own_parameters(name)


def test_the_table_has_no_backend_that_is_gone():
    assert rows().keys() == BACKENDS.keys()


def own_parameters(name: str) -> set[str]:
    """Return the parameters that a backend has in addition to those of its kind."""
    if BACKENDS[name].kind == "checker":
        return set()
    if BACKENDS[name].needs == ("torch", "transformers") and BACKENDS[name].kind == "prm":
        own, common = OPTIONS.get(name, PrmOptions), PrmOptions
    else:
        own = ASKED[name]
        common = ServerOptions if name == "vllm-pooling" else ChatOptions
    return {*own.__struct_fields__} - {*common.__struct_fields__}
