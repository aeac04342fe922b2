"""The compose file names queues, modules and images that exist, and no secret."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from misstep.local.workers import WORKERS

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
WORKER_SERVICES = [name for name in OURS if name.startswith("worker-")]
OTHERS_COMMANDS = {"postgres", "valkey"}


def option(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]


def test_every_queue_has_a_worker_service() -> None:
    assert [f"worker-{queue}" for queue in WORKERS] == WORKER_SERVICES


@pytest.mark.parametrize("name", WORKER_SERVICES)
def test_worker_serves_its_queue_as_a_local_one_does(name: str) -> None:
    command = SERVICES[name]["command"]
    worker = WORKERS[name.removeprefix("worker-")]
    assert command[:4] == ["celery", "-A", "misstep", "worker"]
    assert option(command, "-Q") == worker.queue
    assert option(command, "-n") == f"{worker.queue}@%h"
    assert option(command, "--pool") == worker.pool
    assert f"--destination {worker.queue}@$$HOSTNAME" in SERVICES[name]["healthcheck"]["test"][1]


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
    assert [name for name, service in SERVICES.items() if "deploy" in service] == ["worker-prm"]
    assert SERVICES["worker-prm"]["profiles"] == ["gpu"]


def test_volumes_are_declared() -> None:
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service["volumes"]}
    assert used == set(COMPOSE["volumes"])
