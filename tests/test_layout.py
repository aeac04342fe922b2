"""What the tree promises: names that shadow nothing, light imports, files of one subject."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["accounts", "annotations", "exports", "inference", "metrics", "misstep", "traces"]
SOURCES = [
    path
    for folder in ("platform", "inference", "annotations", "benchmarks", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
]


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


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_one_subject(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
