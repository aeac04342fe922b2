"""Settings of vLLM on this machine."""

import sys
from pathlib import Path

import pytest

from inference.backends import SERVING, abilities
from inference.backends.vllm import server_options

pytestmark = pytest.mark.django_db


def test_vllm_is_an_ability_where_it_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MISSTEP_VLLM_PYTHON", raising=False)
    monkeypatch.setattr(server_options, "CHECKOUT", tmp_path)
    monkeypatch.setattr(server_options, "find_spec", lambda name: None)
    assert SERVING not in abilities()
    monkeypatch.setenv("MISSTEP_VLLM_PYTHON", sys.executable)
    assert SERVING in abilities()
