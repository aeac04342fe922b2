"""The lineage of a split's rows: one Parquet file beside them, filled column by column.

row           int64   the row's place in its split, from 0
problem_id    int64   the problem's number in Misstep
trace_ids     list    the traces that the row is made of
verdict_ids   list    the verdicts that it rests on, one a trace
"""

from pathlib import Path
from typing import TYPE_CHECKING

from exports.files.row_files import ZSTD_LEVEL, HashedFile
from exports.labelled import LabelledTrace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The fewest rows of a row group but the last: finding one row reads one group.
ROW_GROUP = 20_000


class LineageFile:
    """What it was given so far is in its arrays, batch by batch, repeats and all."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.file = HashedFile(path)
        self.rows = 0
        self.problem_ids: list[NDArray[np.int64]] = []
        self.trace_ids: list[NDArray[np.int64]] = []
        self.verdict_ids: list[NDArray[np.int64]] = []
        # Not written yet: how many traces each row has, batch by batch, and how many rows.
        self._sizes: list[NDArray[np.int32]] = []
        self._waiting = 0
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

    def write(self, problems: list[int], sources: list[tuple[LabelledTrace, ...]]) -> None:
        """For each row its problem, and the traces whose verdicts it rests on."""
        import numpy as np

        self.problem_ids.append(np.array(problems, np.int64))
        self.trace_ids.append(np.array([t.trace_id for row in sources for t in row], np.int64))
        self.verdict_ids.append(np.array([t.verdict_id for row in sources for t in row], np.int64))
        self._sizes.append(np.array([len(row) for row in sources], np.int32))
        self._waiting += len(sources)
        if self._waiting >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        """What waits as one row group: a small one costs as much as a large one."""
        import numpy as np
        import pyarrow as pa

        count = len(self._sizes)
        if not count:
            return
        offsets = np.zeros(self._waiting + 1, np.int32)
        np.cumsum(np.concatenate(self._sizes), out=offsets[1:])
        columns = [
            pa.array(np.arange(self.rows, self.rows + self._waiting)),
            pa.array(np.concatenate(self.problem_ids[-count:])),
            pa.ListArray.from_arrays(offsets, pa.array(np.concatenate(self.trace_ids[-count:]))),
            pa.ListArray.from_arrays(offsets, pa.array(np.concatenate(self.verdict_ids[-count:]))),
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self.rows += self._waiting
        self._sizes, self._waiting = [], 0

    def close(self) -> None:
        self._flush()
        self._writer.close()
        self.file.close()
