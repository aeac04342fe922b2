import subprocess
import sys

CODE = """
import gc, sys
from misstep import gunicorn_conf as conf
conf.pre_fork(None, None)
conf.post_worker_init(None)
print(conf.workers, gc.get_freeze_count() > 0, round(sys.getswitchinterval(), 5))
"""


def shown(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), **environment},
    )
    return done.stdout.split()


def test_processes_share_what_was_loaded_and_threads_take_turns() -> None:
    assert shown() == ["4", "True", "0.0005"]


def test_the_environment_says_how_many_processes() -> None:
    assert shown(MISSTEP_WEB_PROCESSES="2")[0] == "2"
    assert shown(MISSTEP_WEB_PROCESSES="")[0] == "4"
