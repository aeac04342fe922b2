from pathlib import Path

from inference.backends.vllm.server_log import exit_reason

LOG = """
(APIServer pid=4166) INFO 11-21 07:05:43 [model.py:733] Resolved architecture: Qwen2ForCausalLM
(EngineCore pid=42) ERROR 11-21 07:06:25 [core.py:1512] Traceback (most recent call last):
(EngineCore pid=42) ERROR 11-21 07:06:25 [core.py:1512]   File "core.py", line 99, in result
(EngineCore pid=42) ERROR 11-21 07:06:25 [core.py:1512] ValueError: Free memory is too little.
(APIServer pid=4166) RuntimeError: Engine core initialization failed. See root cause above.
nanobind: leaked 4 instances!
"""


def test_reason_is_the_error_that_came_before_its_echo(tmp_path: Path):
    log = tmp_path / "log"
    log.write_text(LOG)
    assert exit_reason(log) == "ValueError: Free memory is too little."


def test_reason_without_an_error_is_the_last_line(tmp_path: Path):
    log = tmp_path / "log"
    log.write_text("starting\n/usr/bin/python: No module named vllm\n\n")
    assert exit_reason(log) == "/usr/bin/python: No module named vllm"


def test_reason_of_wrong_settings_is_what_was_wrong_with_them(tmp_path: Path):
    log = tmp_path / "log"
    log.write_text(
        "(APIServer pid=7) pydantic_core._pydantic_core.ValidationError: 1 validation error for "
        "ModelConfig\n(APIServer pid=7)   Value error, Model architectures ['X'] are unknown.\n"
        "(APIServer pid=7)     For further information visit a page\n"
    )
    assert exit_reason(log).endswith(
        "ModelConfig: Value error, Model architectures ['X'] are unknown."
    )


def test_reason_of_an_empty_or_absent_log_says_so(tmp_path: Path):
    assert exit_reason(tmp_path / "absent") == "it exited without a message"
    (tmp_path / "empty").touch()
    assert exit_reason(tmp_path / "empty") == "it exited without a message"


def test_reason_is_of_bounded_length(tmp_path: Path):
    log = tmp_path / "log"
    log.write_text("ValueError: " + "x" * 100_000)
    assert len(exit_reason(log)) == 401
