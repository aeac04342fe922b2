"""A small server that answers as the Hugging Face Hub does."""

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "b" * 40


class TheHub(ThreadingHTTPServer):
    """What was asked of it, and the files that commits left."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HubHandler)
        self.files: dict[str, bytes] = {"data/old.jsonl": b"{}", "notes.md": b"mine"}
        self.created: list[dict[str, Any]] = []
        self.tokens: set[str | None] = set()
        self.broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class HubHandler(BaseHTTPRequestHandler):
    server: TheHub

    def do_GET(self) -> None:
        tree = [
            {"type": "file", "path": name, "size": len(body), "oid": "0" * 40}
            for name, body in self.server.files.items()
        ]
        self.say(tree if "/tree/main" in self.path else {"sha": COMMIT, "id": "owner/set"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.tokens.add(self.headers.get("Authorization"))
        if self.server.broken:
            self.say({"error": "closed for today"}, 500)
        elif self.path == "/api/repos/create":
            self.server.created.append(json.loads(body))
            self.say({"url": f"{self.server.address}/datasets/owner/set", "name": "owner/set"})
        elif self.path == "/api/validate-yaml":
            self.say({"errors": [], "warnings": []})
        elif "/preupload/" in self.path:
            asked = json.loads(body)["files"]
            usual = {"uploadMode": "regular", "shouldIgnore": False}
            self.say({"files": [{"path": file["path"], **usual} for file in asked]})
        else:
            self.commit([json.loads(line) for line in body.splitlines()])

    def commit(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                self.server.files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "deletedFile":
                del self.server.files[value["path"]]
        address = f"{self.server.address}/datasets/owner/set/commit/{COMMIT}"
        self.say({"success": True, "commitUrl": address, "commitOid": COMMIT})

    def say(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""
