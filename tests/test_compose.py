"""The compose file names queues, modules and images that exist, and no secret."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from misstep.local.workers import QUEUES, names_for

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
WORKER_SERVICES = [name for name in OURS if name.startswith("worker-")]
OTHERS_COMMANDS = {"postgres", "valkey"}


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def served(name: str) -> list[str]:
    """The queues of a worker service."""
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
    assert modules == ["misstep.serving", "misstep.wsgi"]
    assert all(importlib.util.find_spec(module) for module in [*modules, "misstep.celery"])


def test_images_are_targets_of_the_dockerfile() -> None:
    targets = re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {service["build"]["target"] for service in OURS.values()} == {"web", "gpu"} <= {*targets}
    assert all(s["image"] == f"misstep:{s['build']['target']}" for s in OURS.values())


def test_secrets_come_from_the_environment_or_nothing_starts() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in ("POSTGRES_PASSWORD", "MISSTEP_SECRET_KEY"):
        uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses)


def test_only_the_model_worker_asks_for_a_gpu() -> None:
    assert [name for name, service in SERVICES.items() if "deploy" in service] == ["worker-gpu"]
    assert SERVICES["worker-gpu"]["profiles"] == ["gpu"]


def test_volumes_are_declared() -> None:
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service["volumes"]}
    assert used == set(COMPOSE["volumes"])
