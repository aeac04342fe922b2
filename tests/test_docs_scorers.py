"""The examples of docs/scorers.md, run in order: a section's blocks share their names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.openai_server import completion, serving

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scorers.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sections() -> Iterator[tuple[str, str]]:
    """(title, text) of the page's sections."""
    for part in re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        yield title, text


EXAMPLES = {title: BLOCK.findall(text) for title, text in sections() if BLOCK.search(text)}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the page says is there: a server."""
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "127.0.0.1")
    with serving(completion("Paragraph 1 says that 4 is 5. \\boxed{\\text{1}}")) as server:
        yield {"ENDPOINT": server.url}


@pytest.mark.parametrize("title", sorted(EXAMPLES))
def test_the_examples_of_a_section_run(title: str, given: dict[str, Any]):
    names = dict(given)
    for number, block in enumerate(EXAMPLES[title], 1):
        exec(compile(block, f"docs/scorers.md, {title}, block {number}", "exec"), names)
    assert len(names) > len(given)


def test_the_page_has_examples():
    assert "Adding a critic" in EXAMPLES
