"""The lineage of a split's rows: one Parquet file next to them, written column by column.

row           int64   the row's place in its split, from 0
problem_id    int64   the problem's number in Misstep
trace_ids     list    the traces that the row is made of
verdict_ids   list    the verdicts that it rests on, one a trace
"""

from array import array
from pathlib import Path

from exports.files.rows import ZSTD_LEVEL, HashedFile
from exports.recipes.labelled_trace import LabelledTrace

# Rows of a row group but the last: finding one row reads one group.
ROW_GROUP = 20_000


class LineageFile:
    """A lineage file; its arrays hold the rows so far, repeats included."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.file = HashedFile(path)
        self.rows = 0
        self.problem_ids = array("q")
        self.trace_ids = array("q")
        self.verdict_ids = array("q")
        # Not written yet: how many traces each row has.
        self._sizes: list[int] = []
        self._schema = pa.schema(
            [
                ("row", pa.int64()),
                ("problem_id", pa.int64()),
                ("trace_ids", pa.list_(pa.int64())),
                ("verdict_ids", pa.list_(pa.int64())),
            ]
        )
        self._writer = pq.ParquetWriter(
            self.file,
            self._schema,
            version="2.6",
            compression="zstd",
            compression_level=ZSTD_LEVEL,
            # Numbers that hardly repeat.
            use_dictionary=False,
            write_statistics=False,
        )

    def add(self, problem_id: int, sources: tuple[LabelledTrace, ...]) -> None:
        """Add the next row: its problem, and the traces whose verdicts it rests on."""
        self.problem_ids.append(problem_id)
        for trace in sources:
            self.trace_ids.append(trace.trace_id)
            self.verdict_ids.append(trace.verdict_id)
        self._sizes.append(len(sources))
        if len(self._sizes) == ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        """Write the buffered rows as one row group; a small one costs as much as a large one."""
        import numpy as np
        import pyarrow as pa

        waiting = len(self._sizes)
        if not waiting:
            return
        offsets = np.zeros(waiting + 1, np.int32)
        np.cumsum(self._sizes, out=offsets[1:])
        numbers = [
            pa.array(np.array(ids[len(ids) - int(offsets[-1]) :], np.int64))
            for ids in (self.trace_ids, self.verdict_ids)
        ]
        columns = [
            pa.array(np.arange(self.rows, self.rows + waiting)),
            pa.array(np.array(self.problem_ids[-waiting:], np.int64)),
            *[pa.ListArray.from_arrays(offsets, ids) for ids in numbers],
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self.rows += waiting
        self._sizes = []

    def close(self) -> None:
        self._flush()
        self._writer.close()
        self.file.close()
