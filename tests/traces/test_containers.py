import gzip
import json

import pytest

from traces.containers import Layout, UnreadableFile, layout_of, rows

ROWS = [{"id": "a"}, {"id": "b"}]
CONTENTS = {
    Layout.LINES: ("rows.jsonl", "\n".join(map(json.dumps, ROWS))),
    Layout.ARRAY: ("rows.json", json.dumps(ROWS)),
    Layout.GROUPS: ("groups.json", json.dumps({"one": ROWS[:1], "two": ROWS[1:]})),
    Layout.SINGLE: ("row.json", json.dumps(ROWS[0], indent=1)),
    Layout.CSV: ("rows.csv", "id\na\nb\n"),
}


@pytest.mark.parametrize("layout", CONTENTS)
@pytest.mark.parametrize("packed", [False, True])
def test_rows_are_the_same_in_every_layout(tmp_path, layout, packed):
    name, content = CONTENTS[layout]
    path = tmp_path / (name + ".gz" if packed else name)
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    assert layout_of(path) is layout
    expected = ROWS[:1] if layout is Layout.SINGLE else ROWS
    assert [row for _, row in rows(path)] == expected


def test_an_unknown_file_is_rejected_before_the_first_row(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(UnreadableFile):
        rows(path)
