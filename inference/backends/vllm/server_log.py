"""The line of a server's log that says why it ended."""

import re
from pathlib import Path

# "(EngineCore pid=12) ERROR 11-21 07:06:25 [core.py:1512] " before a line of a traceback.
PREFIX = re.compile(r"^\(\w[\w-]* pid=\d+\) (?:[A-Z]+ [\d-]+ [\d:]+ \[[^\]]*\] ?)?")
# The last line of a traceback, or what argparse says of an argument.
ERROR = re.compile(r"^(?:[\w.]*(?:Error|Exception|Interrupt)\b: .+|[\w.-]+: error: .+)$")
# These say that another process failed, and which one is above.
ECHO = re.compile(r"Engine core initialization failed|EngineDeadError|WorkerProc initialization")
# The line after this one says what was wrong.
COUNT = re.compile(r"\d+ validation errors? for \w+$")
LONGEST = 400
TAIL_BYTES = 256 * 1024


def exit_reason(log: Path) -> str:
    """Return the last error in the log, else its last line, else that it is empty."""
    lines = _lines(log)
    errors = [
        f"{line}: {after}" if COUNT.search(line) else line
        for line, after in zip(lines, [*lines[1:], ""], strict=False)
        if ERROR.match(line)
    ]
    told = [line for line in errors if not ECHO.search(line)] or errors or lines
    last = told[-1] if told else "it exited without a message"
    return last if len(last) <= LONGEST else last[:LONGEST] + "…"


def _lines(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    lines = (PREFIX.sub("", line).strip() for line in text.splitlines())
    return [line for line in lines if line]
