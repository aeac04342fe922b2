"""A program in vLLM's place: it starts in no time, and has the addresses that a worker looks at.

A folder with a file `broken` can't be served; one with a file `slow` never gets ready.
"""

import stat
import sys
from pathlib import Path

PROGRAM = """#!{python}
import json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
model = Path(options["--model"])
print("starting", flush=True)
if (model / "broken").exists():
    sys.exit("ValueError: The model is broken.")
if (model / "slow").exists():
    time.sleep(600)


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        known = f"Bearer {{os.environ['VLLM_API_KEY']}}"
        allowed = self.path == "/health" or self.headers.get("Authorization") == known
        names = [{{"id": options["--served-model-name"]}}]
        body = json.dumps({{"data": names, "pid": os.getpid()}})
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer((options["--host"], int(options["--port"])), Answers).serve_forever()
"""


def make_stand_in(folder: Path) -> str:
    """Write the program and return its path, for MISSTEP_VLLM_PYTHON."""
    program = folder / "stand-in"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)
