"""Imports point one way: no circle between modules, nor between the packages of an app.

Imports inside functions and under `TYPE_CHECKING` count: a circle that needs them is a circle. The
order of the packages of each app is the contract of import-linter in `pyproject.toml`.
"""

import subprocess
import sys
from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from tests.faults import check
from tests.test_layout import PACKAGES, ROOT

Graph = Mapping[str, Collection[str]]


def circles(graph: Graph) -> list[str]:
    """Return circles until none is left: each is cut at its last import before the next search."""
    uncut = {module: sorted(imports) for module, imports in sorted(graph.items())}
    cut: list[str] = []
    while circle := _circle(uncut):
        uncut[circle[-2]].remove(circle[-1])
        cut.append(_named(circle))
    return cut


def _circle(graph: Graph) -> list[str]:
    """Return modules that each import the next, the last being the first again, or none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1][::-1]
    return []


def _named(circle: list[str]) -> str:
    """Return the same text for a circle wherever the search began."""
    ring = circle[:-1]
    first = ring.index(min(ring))
    ordered = ring[first:] + ring[:first]
    return " -> ".join([*ordered, ordered[0]])


def module_graph(*packages: str) -> Graph:
    """Return the modules that each module imports, in any place of it."""
    graph = grimp.build_graph(*packages, exclude_type_checking_imports=False, cache_dir=None)
    return {
        module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules
    }


def package_graph(modules: Graph, app: str) -> Graph:
    """Return which direct children of the app each of them imports."""
    children: dict[str, set[str]] = {}
    for module, imports in modules.items():
        child = _child(module, app)
        if child:
            others = {_child(imported, app) for imported in imports} - {child, ""}
            children.setdefault(child, set()).update(others)
    return children


def _child(module: str, app: str) -> str:
    inside, _, rest = module.partition(".")
    return f"{app}.{rest.partition('.')[0]}" if inside == app and rest else ""


@pytest.fixture(scope="module")
def modules() -> Graph:
    return module_graph(*PACKAGES)


def test_no_circle_between_modules(modules: Graph) -> None:
    check("circles of modules", circles(modules))


@pytest.mark.parametrize("app", PACKAGES)
def test_no_circle_between_the_packages_of_an_app(modules: Graph, app: str) -> None:
    check(f"circles of packages in {app}", circles(package_graph(modules, app)))


def test_no_circle_between_tests() -> None:
    check("circles of tests", circles(module_graph("tests", "benchmarks")))


def test_the_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "import {}",
        "def f():\n    import {}",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {}",
    ],
)
def test_a_circle_is_found_in_every_place_of_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    package = tmp_path / "ring_of_two"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a.py").write_text("import ring_of_two.b\n")
    (package / "b.py").write_text(line.format("ring_of_two.a") + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    circle = "ring_of_two.a -> ring_of_two.b -> ring_of_two.a"
    assert circles(module_graph("ring_of_two")) == [circle]
    assert circles(package_graph(module_graph("ring_of_two"), "ring_of_two")) == [circle]
