import signal
import threading
import time

from misstep.local.stop_requests import StopRequests
from tests.signal_bursts import first_hang, survives_a_signal_at_every_line

# A supervisor that spends its time in the step between two looks, where a signal hits most often.
SUPERVISOR = """
from misstep.local import supervisor as module
module.LOOK_EVERY = 0
supervisor = module.Supervisor([], print)
supervisor.answer_signals()
supervisor.start()
ready()
supervisor.run()
"""


def test_requests_are_counted() -> None:
    requests = StopRequests()
    assert requests.count() == 0
    requests.send()
    assert requests.count() == 1
    requests.send()
    requests.send()
    assert requests.count() == 3


def test_waiting_ends_at_a_request_from_another_thread() -> None:
    requests = StopRequests()
    threading.Timer(0.05, requests.send).start()
    began = time.monotonic()
    requests.wait(60)
    assert time.monotonic() - began < 30
    assert requests.count() == 1


def test_waiting_ends_at_its_time() -> None:
    requests = StopRequests()
    requests.wait(0.01)
    assert requests.count() == 0


def test_more_requests_than_a_pipe_holds_block_nobody() -> None:
    requests = StopRequests()
    for _ in range(70_000):
        requests.send()
    assert requests.count() > 1


def test_a_supervisor_ends_after_each_of_300_bursts_of_signals() -> None:
    assert first_hang(SUPERVISOR, [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]) is None


def test_a_supervisor_ends_when_each_of_its_lines_is_interrupted() -> None:
    assert survives_a_signal_at_every_line(SUPERVISOR)
