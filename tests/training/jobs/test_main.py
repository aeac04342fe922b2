import os
import signal

from tests.signal_bursts import first_hang, survives_a_signal_at_every_line
from training.jobs.__main__ import stop_check

JOB = """
import os
from training.jobs.__main__ import stop_check
stop = stop_check(os.getppid())
ready()
while not stop():
    pass
"""


def test_a_job_stops_when_its_parent_is_gone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert not stop_check(os.getppid())()
        assert stop_check(os.getppid() + 1)()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_job_ends_after_each_of_300_bursts_of_signals() -> None:
    assert first_hang(JOB, [signal.SIGTERM]) is None


def test_a_job_ends_when_each_of_its_lines_is_interrupted() -> None:
    assert survives_a_signal_at_every_line(JOB)
