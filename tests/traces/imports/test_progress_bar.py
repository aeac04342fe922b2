from rich.progress import Task

from traces.imports.progress_bar import RowsRead, show_progress
from traces.imports.staging import Progress


def test_the_column_reads_the_counts_each_time_it_is_drawn():
    progress = Progress()
    column = RowsRead(progress)
    task = Task(0, "importing", total=None, completed=0, _get_time=lambda: 0.0)
    assert column.render(task).plain.startswith("0 rows")
    progress.rows_read, progress.rejected = 12_345, 6
    assert column.render(task).plain.startswith("12,345 rows, 6 ")


def test_the_block_runs_and_its_errors_pass(capsys):
    with show_progress(Progress(rows_read=1)):
        print("working")
    assert capsys.readouterr().out == "working\n"
