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

# For a row its problem, and the traces whose verdicts it rests on.
Link = tuple[int, tuple[LabelledTrace, ...]]


class LineageFile:
    """A row group a batch of rows. What it has written so far is in its arrays, repeats and all."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.file = HashedFile(path)
        self.rows = 0
        self.problem_ids = array("q")
        self.trace_ids = array("q")
        self.verdict_ids = array("q")
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

    def write(self, links: list[Link]) -> None:
        import numpy as np
        import pyarrow as pa

        problem_ids = [problem_id for problem_id, _ in links]
        trace_ids = [trace.trace_id for _, sources in links for trace in sources]
        verdict_ids = [trace.verdict_id for _, sources in links for trace in sources]
        ends = np.cumsum([len(sources) for _, sources in links], dtype=np.int32)
        offsets = pa.array(np.concatenate([np.zeros(1, np.int32), ends]))
        columns = [
            pa.array(np.arange(self.rows, self.rows + len(links))),
            pa.array(problem_ids, pa.int64()),
            pa.ListArray.from_arrays(offsets, pa.array(trace_ids, pa.int64())),
            pa.ListArray.from_arrays(offsets, pa.array(verdict_ids, pa.int64())),
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self.rows += len(links)
        self.problem_ids.extend(problem_ids)
        self.trace_ids.extend(trace_ids)
        self.verdict_ids.extend(verdict_ids)

    def close(self) -> None:
        self._writer.close()
        self.file.close()
