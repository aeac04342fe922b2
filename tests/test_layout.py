"""What the tree promises: a test for each module, plain names, light imports, one subject a file.

A module has logic when one of its functions or methods does more than return a constant. Such a
module has a test module of its name in the mirrored folder, by one rule:

    platform/traces/imports/store.py                  tests/traces/imports/test_store.py
    inference/backends/prm/heads.py                   tests/inference/backends/prm/test_heads.py
    platform/misstep/cli/__init__.py                  tests/misstep/test_cli.py
    training/jobs/__main__.py                         tests/training/jobs/test_main.py
    platform/traces/management/commands/export.py   tests/traces/management/test_export.py

`platform/` and `commands/` are left out, a package's `__init__` is tested under the package's name,
and the underscores around a name are dropped. Migrations, `apps.py` and `urls.py` need no test.

`python tests/test_layout.py` prints what is missing, `python tests/test_layout.py traces` that of
one package.
"""

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.faults import check  # noqa: E402  the path above is for the script

PACKAGES = {
    "accounts": ROOT / "platform",
    "database": ROOT / "platform",
    "exports": ROOT / "platform",
    "jobs": ROOT / "platform",
    "metrics": ROOT / "platform",
    "misstep": ROOT / "platform",
    "traces": ROOT / "platform",
    "web": ROOT / "platform",
    "annotations": ROOT,
    "inference": ROOT,
    "training": ROOT,
}
LONGEST_FILE = 400
LARGEST_FOLDER = 24
WITHOUT_LOGIC = {"apps.py", "urls.py"}
# Names that any package may use: Django's own, the parts of a page, and those with a reason.
SHARED_NAMES = {
    *("__init__", "__main__"),
    *("admin", "api", "apps", "forms", "models", "tasks", "urls", "views"),
    *("charts", "filters", "page", "report", "statistics", "tables"),
    "errors",  # where a reader of any package looks for its exceptions
    "fields",  # Django's name for fields of models and forms
    *("backend", "options", "prompts"),  # the same parts in the folder of each backend
    # Public names of formats: one file reads each, another writes it, another trains on it.
    *("mistake_tuning", "prm", "prm800k", "processbench"),
}


def sources(*folders: str) -> list[Path]:
    """Return every Python file of the folders but for migrations."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def modules() -> Iterator[tuple[str, Path]]:
    """Yield each module of the packages as its package and its path."""
    for package, folder in PACKAGES.items():
        for path in sorted((folder / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield package, path


def has_logic(path: Path) -> bool:
    """Return whether some function in it does more than return a constant."""
    if path.name in WITHOUT_LOGIC:
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return any(not all(map(_is_trivial, function.body)) for function in functions)


def _is_trivial(statement: ast.stmt) -> bool:
    """Tell a docstring, `...`, `pass`, a raised NotImplementedError or a returned constant."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Return(value=None | ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
    return False


def place_of_tests(path: Path) -> Path:
    """Return where the tests of a module belong."""
    package = next(name for name, folder in PACKAGES.items() if (folder / name) in path.parents)
    parts = [*path.relative_to(PACKAGES[package]).with_suffix("").parts]
    if parts[-1] == "__init__":
        parts.pop()
    name = parts.pop().strip("_")
    folders = [part for part in parts if part != "commands"]
    return Path("tests", *folders, f"test_{name}.py")


def has_tests(path: Path) -> bool:
    return path.is_file() and "def test_" in path.read_text(encoding="utf-8")


def missing_tests() -> dict[str, list[str]]:
    """Return, by package, each module with logic that has no test module of its name."""
    missing: dict[str, list[str]] = defaultdict(list)
    for package, path in modules():
        if has_logic(path) and not has_tests(ROOT / place_of_tests(path)):
            missing[package].append(f"{path.relative_to(ROOT)}: write {place_of_tests(path)}")
    return missing


def repeated_names() -> list[str]:
    """Return each name that two modules share without a reason; a command is named for its user."""
    places = defaultdict(list)
    for _, path in modules():
        if path.stem not in SHARED_NAMES and path.parent.name != "commands":
            places[path.stem].append(str(path.relative_to(ROOT)))
    return [f"{name}: {', '.join(paths)}" for name, paths in places.items() if len(paths) > 1]


def large_folders() -> list[str]:
    """Return each folder of code or tests with too many modules."""
    code = (path for _, path in modules())
    sizes = Counter(
        path.parent.relative_to(ROOT)
        for path in (*code, *sources("benchmarks", "tests"))
        if path.name != "__init__.py"
    )
    return [f"{folder}: {size} modules" for folder, size in sizes.items() if size > LARGEST_FOLDER]


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_platform_is_a_plain_folder_and_the_standard_module_answers():
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert run_python("import platform; print(platform.system())")


def test_package_names_are_nobody_elses():
    assert not set(PACKAGES) & set(sys.stdlib_module_names)
    installed = packages_distributions()
    assert {name: installed.get(name, ["misstep"]) for name in PACKAGES} == {
        name: ["misstep"] for name in PACKAGES
    }


def test_the_web_process_loads_no_model_library():
    loaded = run_python(
        "import django, os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'misstep.settings'\n"
        "django.setup()\n"
        "import misstep.urls, misstep.wsgi, inference.tasks, exports.tasks, traces.tasks\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print([m for m in ('torch', 'transformers', 'vllm', 'accelerate') if m in sys.modules])"
    )
    assert loaded == "[]"


def test_each_module_with_logic_has_tests_of_its_name():
    check("missing tests", [line for lines in missing_tests().values() for line in lines])


def test_no_two_modules_share_a_name():
    check("repeated names", repeated_names())


def test_no_folder_is_crowded():
    check("large folders", large_folders())


def test_a_file_has_one_subject():
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(
            "platform", "inference", "annotations", "training", "benchmarks", "tests"
        )
    }
    long = [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST_FILE]
    check("long files", long)


def test_logic_is_told_from_declarations(tmp_path: Path):
    module = tmp_path / "module.py"
    module.write_text(
        'class A:\n    """A."""\n    def f(self):\n        """Return."""\n        return 1\n'
        "    def g(self):\n        raise NotImplementedError\n    def h(self): ...\n"
    )
    assert not has_logic(module)
    module.write_text("class A:\n    def f(self):\n        return self.g() + 1\n")
    assert has_logic(module)


def test_tests_have_one_place():
    places = {
        "platform/traces/imports/store.py": "tests/traces/imports/test_store.py",
        "platform/misstep/cli/__init__.py": "tests/misstep/test_cli.py",
        "platform/traces/management/commands/export.py": "tests/traces/management/test_export.py",
        "training/jobs/__main__.py": "tests/training/jobs/test_main.py",
        "annotations/tasks.py": "tests/annotations/test_tasks.py",
    }
    assert {path: str(place_of_tests(ROOT / path)) for path in places} == places


def main(wanted: list[str]) -> None:
    missing = {
        name: lines for name, lines in missing_tests().items() if not wanted or name in wanted
    }
    for package, lines in missing.items():
        print(f"{package}: {len(lines)} modules without tests")
        for line in lines:
            print(f"    {line}")
    problems = [*repeated_names(), *large_folders()]
    shown = [line for line in problems if not wanted or any(f"{name}/" in line for name in wanted)]
    print("\n".join(["", "Names and folders:", *(f"    {line}" for line in shown)]))


if __name__ == "__main__":
    main(sys.argv[1:])
