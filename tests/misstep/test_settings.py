import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from misstep.settings import CELERY_BEAT_SCHEDULE, CELERY_TASK_ROUTES, env_bool, env_list


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", True), (" Yes ", True), ("on", True), ("0", False), ("FALSE", False), ("no", False)],
)
def test_a_yes_or_no_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: bool
) -> None:
    monkeypatch.setenv("MISSTEP_TRIED", text)
    assert env_bool("MISSTEP_TRIED", not expected) is expected


@pytest.mark.parametrize("default", [True, False])
def test_an_unset_variable_is_the_default(monkeypatch: pytest.MonkeyPatch, default: bool) -> None:
    monkeypatch.delenv("MISSTEP_TRIED", raising=False)
    assert env_bool("MISSTEP_TRIED", default) is default
    monkeypatch.setenv("MISSTEP_TRIED", "")
    assert env_bool("MISSTEP_TRIED", default) is default


def test_another_word_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSTEP_TRIED", "maybe")
    with pytest.raises(ImproperlyConfigured, match="MISSTEP_TRIED is 'maybe'"):
        env_bool("MISSTEP_TRIED", True)


def test_a_list_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSTEP_TRIED", " a, b,,c ")
    assert env_list("MISSTEP_TRIED", "x") == ["a", "b", "c"]
    monkeypatch.delenv("MISSTEP_TRIED")
    assert env_list("MISSTEP_TRIED", "x,y") == ["x", "y"]


def test_single_sign_on_without_a_client_is_an_error() -> None:
    failed = subprocess.run(
        [sys.executable, "-c", "import misstep.settings"],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "MISSTEP_OIDC_SERVER": "https://login.example.org",
            "MISSTEP_OIDC_CLIENT": "",
        },
    )
    assert failed.returncode == 1
    assert "MISSTEP_OIDC_CLIENT" in failed.stderr


def test_routes_and_the_schedule_name_tasks_that_exist() -> None:
    import annotations.tasks  # noqa: F401  they register themselves
    import exports.tasks  # noqa: F401
    import inference.tasks  # noqa: F401
    import jobs.tasks  # noqa: F401
    import metrics.tasks  # noqa: F401
    import traces.tasks  # noqa: F401
    import training.tasks  # noqa: F401
    from misstep.celery import app

    named = set(CELERY_TASK_ROUTES) | {entry["task"] for entry in CELERY_BEAT_SCHEDULE.values()}
    assert named - set(app.tasks) == set()
