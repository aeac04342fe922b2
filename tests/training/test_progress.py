"""Progress of a run, read from its folder."""

from pathlib import Path

from training.jobs.files import LOG, PLAN, write_json
from training.jobs.trackers import METRICS
from training.progress import LOG_BYTES, downsample, log_tail, read_progress


def test_long_metrics_are_downsampled_to_means():
    lines = [{"step": n, "loss": float(n)} for n in range(1, 11)]
    lines[8]["held_out_loss"] = 3.0
    assert downsample(lines, 10) == lines
    assert downsample(lines, 5) == [
        {"step": 2, "loss": 1.5},
        {"step": 4, "loss": 3.5},
        {"step": 6, "loss": 5.5},
        {"step": 8, "loss": 7.5},
        {"step": 10, "loss": 9.5, "held_out_loss": 3.0},
    ]


def test_a_folder_without_files_has_no_progress(tmp_path: Path):
    assert read_progress(tmp_path) == {"step": 0, "metrics": [], "log": ""}


def test_progress_is_read_from_metrics_plan_and_log(tmp_path: Path):
    (tmp_path / METRICS).write_bytes(b'{"step":1,"loss":2.0}\n{"step":2,"loss":1.0}\n')
    (tmp_path / LOG).write_text("step 2\n")
    write_json(tmp_path / PLAN, {"steps": 8, "examples": 3, "held_out": 0})
    assert read_progress(tmp_path) == {
        "step": 2,
        "steps": 8,
        "metrics": [{"step": 1, "loss": 2.0}, {"step": 2, "loss": 1.0}],
        "log": "step 2\n",
    }


def test_the_tail_of_a_log_starts_with_a_complete_line(tmp_path: Path):
    lines = [f"line {number}\n" for number in range(2_000)]
    (tmp_path / LOG).write_text("".join(lines) + "NUL \x00 and \n")
    tail = log_tail(tmp_path)
    assert len(tail) <= LOG_BYTES
    assert tail.startswith("line ")
    assert tail.endswith("line 1999\nNUL  and \n")
