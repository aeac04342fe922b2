"""The compose file names queues, modules and images that exist, and no secret."""

import importlib.util
import re
from inspect import getsource
from pathlib import Path
from typing import Any

import pytest
import yaml

from inference.backends.endpoints import VARIABLE as ENDPOINTS
from inference.backends.vllm import server_options
from misstep.local.workers import QUEUES, names_for

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
WORKER_SERVICES = [name for name in OURS if name.startswith("worker-")]
OTHERS_COMMANDS = {"postgres", "valkey"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def served(name: str) -> list[str]:
    """Return the queues of a worker service."""
    command = SERVICES[name]["command"]
    assert command[:3] == ["misstep", "work", "--queues"]
    return str(command[3]).split(",")


def test_every_queue_has_a_worker_service() -> None:
    assert {queue for name in WORKER_SERVICES for queue in served(name)} == {*QUEUES}


@pytest.mark.parametrize("name", WORKER_SERVICES)
def test_a_worker_service_is_one_worker_and_asks_it_whether_it_lives(name: str) -> None:
    (worker,) = names_for(served(name))
    assert f"--destination {worker}@$$HOSTNAME" in SERVICES[name]["healthcheck"]["test"][1]


def test_every_other_command_names_what_exists() -> None:
    assert set(SERVICES) - set(OURS) == OTHERS_COMMANDS
    assert SERVICES["migrate"]["command"] == ["misstep", "migrate", "--no-input"]
    assert SERVICES["scheduler"]["command"][:4] == ["celery", "-A", "misstep", "beat"]
    web = SERVICES["web"]["command"]
    modules = [option(web, "-c").removeprefix("python:"), web[-1]]
    assert modules == ["misstep.gunicorn_conf", "misstep.wsgi"]
    assert all(importlib.util.find_spec(module) for module in [*modules, "misstep.celery"])


def test_images_are_targets_of_the_dockerfile() -> None:
    targets = re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE)
    assert {service["build"]["target"] for service in OURS.values()} == {"web", "gpu"} <= {*targets}
    assert all(s["image"] == f"misstep:{s['build']['target']}" for s in OURS.values())


def test_secrets_come_from_the_environment_or_nothing_starts() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in ("POSTGRES_PASSWORD", "MISSTEP_SECRET_KEY"):
        uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses)


def test_a_gpu_is_asked_for_by_workers_of_a_profile_alone() -> None:
    wanting = {name: s["profiles"] for name, s in SERVICES.items() if "deploy" in s}
    assert wanting == {"worker-gpu": ["gpu"], "worker-training": ["training"]}


def test_the_images_hold_every_package_of_the_project() -> None:
    kept = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    packages = {folder.parent.name for folder in ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "benchmarks"} <= kept


def test_volumes_are_declared() -> None:
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service["volumes"]}
    assert used == set(COMPOSE["volumes"])


def test_workers_that_ask_models_get_hosts_and_keys_and_nothing_else_does() -> None:
    asking = {name for name in WORKER_SERVICES if {"prm", "critic"} & {*served(name)}}
    assert asking == {"worker-critic", "worker-gpu"}
    for name, service in OURS.items():
        assert (ENDPOINTS in service["environment"]) == (name in asking), name
        assert ("env_file" in service) == (name in asking), name
    for name in asking:
        # A site that asks no endpoint has no such file, and starts all the same.
        assert SERVICES[name]["env_file"] == [{"path": "keys.env", "required": False}]
        assert SERVICES[name]["environment"].items() >= COMPOSE["x-misstep"]["environment"].items()
    assert "keys.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_every_setting_of_vllm_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    given = SERVICES["worker-gpu"]["environment"]
    read = set(re.findall(r"MISSTEP_VLLM_[A-Z_]+", getsource(server_options)))
    in_the_image = {"MISSTEP_VLLM_PYTHON"}
    assert {name for name in given if name.startswith("MISSTEP_VLLM_")} == read - in_the_image
    for name in read - in_the_image:  # as Compose fills in what nobody has set
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:-\}", "", given[name]))
    found = server_options.read_settings()
    assert (found.gpu_memory, found.start_seconds, found.arguments) == (0.9, 900, ())


def test_folders_of_volumes_belong_to_the_user_of_the_image() -> None:
    made = re.findall(r"install -d -o misstep -g misstep (.*?)(?: *\\)?$", DOCKERFILE, re.MULTILINE)
    mounts = {mount.split(":")[1] for mount in SERVICES["worker-gpu"]["volumes"]}
    assert mounts <= {*made[-1].split()}
