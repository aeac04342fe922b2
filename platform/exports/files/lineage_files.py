"""The lineage of a split's rows: one Parquet file beside them, filled column by column.

row           int64   the row's place in its split, from 0
problem_id    int64   the problem's number in Misstep
trace_ids     list    the traces that the row is made of
verdict_ids   list    the verdicts that it rests on, one a trace
"""

from array import array
from pathlib import Path

from exports.files.row_files import ZSTD_LEVEL, HashedFile
from exports.labelled import LabelledTrace


class Links:
    """The lineage of rows from `first` on, as flat columns of numbers."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.problem_ids = array("q")
        self.trace_ids = array("q")
        self.verdict_ids = array("q")
        # Where each row's numbers begin in the two above; one more than rows.
        self.offsets = array("i", [0])

    def add(self, problem_id: int, sources: tuple[LabelledTrace, ...]) -> None:
        self.problem_ids.append(problem_id)
        for trace in sources:
            self.trace_ids.append(trace.trace_id)
            self.verdict_ids.append(trace.verdict_id)
        self.offsets.append(len(self.trace_ids))


class LineageFile:
    """A row group a batch of rows."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.file = HashedFile(path)
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
        )

    def write(self, links: Links) -> None:
        import numpy as np
        import pyarrow as pa

        count = len(links.problem_ids)
        offsets = pa.array(np.frombuffer(links.offsets, dtype=np.int32))
        columns = [
            pa.array(np.arange(links.first, links.first + count)),
            pa.array(np.frombuffer(links.problem_ids, dtype=np.int64)),
            pa.ListArray.from_arrays(offsets, _numbers(links.trace_ids)),
            pa.ListArray.from_arrays(offsets, _numbers(links.verdict_ids)),
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        self._writer.close()
        self.file.close()


def _numbers(values: "array[int]") -> object:
    import numpy as np
    import pyarrow as pa

    # An empty buffer has no address that NumPy would take.
    return pa.array(np.frombuffer(values, dtype=np.int64) if values else [], type=pa.int64())
