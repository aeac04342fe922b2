import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from traces.imports.sources import (
    SourceError,
    files_below,
    find_files,
    name_for,
    parse_hub,
    path_for_page,
)

ROOT = Path(__file__).resolve().parents[3]
COMMIT = "a" * 40
ROW = b'{"problem": "2 + 2?", "steps": ["5"], "label": 0}\n'
HUB_FILES = {
    "README.md": b"# about",
    "data/train-00000-of-00002.jsonl": ROW,
    "data/train-00001-of-00002.jsonl": ROW,
    "hard/test.jsonl.gz": gzip.compress(ROW),
}


def test_a_file_is_found_and_a_missing_one_named(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(ROW)
    assert [(file.path, file.subset) for file in find_files(str(path))] == [(path, "")]
    with pytest.raises(SourceError, match="There is no file"):
        find_files(str(tmp_path / "b.jsonl"))


def test_a_folder_gives_its_data_files_in_order_with_their_subsets(tmp_path: Path):
    for name in ("b.jsonl", "a.json.gz", "data/train-00000-of-00003.parquet", "hard/test.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    for name in ("notes.md", ".hidden/c.jsonl", ".d.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = [(str(f.path.relative_to(tmp_path)), f.subset) for f in files_below(tmp_path)]
    assert found == [
        ("a.json.gz", "a"),
        ("b.jsonl", "b"),
        ("data/train-00000-of-00003.parquet", "train"),
        ("hard/test.csv", "hard/test"),
    ]


def test_a_folder_without_data_files_is_refused(tmp_path: Path):
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(SourceError, match=r"\.jsonl"):
        files_below(tmp_path)


def test_a_page_names_paths_below_the_root_only(tmp_path: Path, settings: Any):
    root = tmp_path / "root"
    (root / "in").mkdir(parents=True)
    secret = tmp_path / "secret.jsonl"
    for path in (secret, root / "in" / "a.jsonl"):
        path.write_bytes(ROW)
    (root / "link.jsonl").symlink_to(secret)
    settings.IMPORT_ROOT = str(root)

    assert path_for_page("in/a.jsonl") == root / "in" / "a.jsonl"
    assert path_for_page(str(root / "in")) == root / "in"
    for text in ("../secret.jsonl", str(secret), "link.jsonl", "in/../../secret.jsonl", "/"):
        with pytest.raises(SourceError, match="not below"):
            path_for_page(text)
    with pytest.raises(SourceError, match="no file"):
        path_for_page("in/none.jsonl")
    settings.IMPORT_ROOT = ""
    with pytest.raises(SourceError, match="upload the file"):
        path_for_page("in/a.jsonl")


def test_an_upload_is_found_in_storage():
    name = default_storage.save("uploads/my file.jsonl", ContentFile(ROW))
    (file,) = find_files(name)
    assert file.path.read_bytes() == ROW
    assert file.path.is_relative_to(Path(default_storage.path("uploads")))


def test_an_upload_can_not_name_a_file_elsewhere():
    with pytest.raises(SourceError, match="no upload"):
        find_files("uploads/../../etc/passwd")


@pytest.mark.parametrize(
    "source",
    ["hub:name", "hub:a/b/c", "hub:../x", "hub:a/../b", "hub:a/b@../x", "hub:a/b@re v", "hub:-a/b"],
)
def test_an_invalid_hub_id_is_rejected(source: str):
    with pytest.raises(SourceError):
        parse_hub(source)


def test_hub_ids_and_names():
    assert parse_hub("hub:Qwen/ProcessBench") == ("Qwen/ProcessBench", None)
    assert parse_hub("hub:owner/a.b-c@v1.0/x") == ("owner/a.b-c", "v1.0/x")
    assert name_for("hub:Qwen/ProcessBench@main") == "ProcessBench"
    assert name_for("/data/My traces (2).jsonl.gz") == "My-traces-2"
    assert name_for("/data/prmbench/") == "prmbench"
    with pytest.raises(SourceError, match="give the dataset a name"):
        name_for("/data/数学.jsonl")


def tag_of(body: bytes) -> str:
    return hashlib.sha1(body).hexdigest()


class HubHandler(BaseHTTPRequestHandler):
    """The few answers that downloading a dataset asks for."""

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/api/datasets/owner/set/revision/"):
            if path.rpartition("/")[2] not in {"main", COMMIT}:
                return self.send(404, b"{}", {"X-Error-Code": "RevisionNotFound"}, with_body)
            siblings = [{"rfilename": name} for name in HUB_FILES]
            about = {"id": "owner/set", "sha": COMMIT, "siblings": siblings}
            return self.send(200, json.dumps(about).encode(), {}, with_body)
        if path == f"/api/datasets/owner/set/tree/{COMMIT}":
            tree = [
                {"type": "file", "path": name, "size": len(body), "oid": tag_of(body)}
                for name, body in HUB_FILES.items()
            ]
            return self.send(200, json.dumps(tree).encode(), {}, with_body)
        name = path.removeprefix(f"/datasets/owner/set/resolve/{COMMIT}/")
        if name in HUB_FILES:
            headers = {"ETag": f'"{tag_of(HUB_FILES[name])}"', "X-Repo-Commit": COMMIT}
            return self.send(200, HUB_FILES[name], headers, with_body)
        return self.send(404, b"{}", {"X-Error-Code": "RepoNotFound"}, with_body)

    def send(self, status: int, body: bytes, headers: dict[str, str], with_body: bool) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), HubHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


FIND = """
import json, sys
import django
django.setup()
from traces.imports.sources import SourceError, find_files
try:
    files = find_files(sys.argv[1])
    print(json.dumps([[f.path.name, f.subset, f.path.stat().st_size] for f in files]))
except SourceError as error:
    print(json.dumps(str(error)))
"""


def found_on(hub: str, source: str, cache: Path) -> Any:
    """Return the files found in a new process, since the Hub's address is read only once."""
    done = subprocess.run(
        [sys.executable, "-c", FIND, source],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "HF_ENDPOINT": hub,
            "HF_HOME": str(cache),
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_DISABLE_XET": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_only_data_files_of_a_hub_dataset_are_downloaded(hub: str, tmp_path: Path):
    assert found_on(hub, "hub:owner/set", tmp_path) == [
        ["train-00000-of-00002.jsonl", "train", len(ROW)],
        ["train-00001-of-00002.jsonl", "train", len(ROW)],
        ["test.jsonl.gz", "hard/test", len(HUB_FILES["hard/test.jsonl.gz"])],
    ]
    assert not list(tmp_path.rglob("README.md"))


def test_a_missing_dataset_or_revision_of_the_hub_is_named(hub: str, tmp_path: Path):
    assert "no dataset owner/none" in found_on(hub, "hub:owner/none", tmp_path)
    assert "no revision v9" in found_on(hub, "hub:owner/set@v9", tmp_path)


def test_an_unreachable_hub_is_an_error(tmp_path: Path):
    assert "could not be reached" in found_on("http://127.0.0.1:9", "hub:owner/set", tmp_path)
