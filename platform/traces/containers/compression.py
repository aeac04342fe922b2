"""The bytes of a file, decompressed if it is gzip or Zstandard."""

import gzip
import io
import zlib
from pathlib import Path
from typing import IO

import zstandard

GZIP_MAGIC = b"\x1f\x8b"
ZSTANDARD_MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 18
# The bytes given to Zstandard at a time. Four bytes can encode 128 KiB, and it returns all of them
# at once: with this slice a malicious file takes 64 MiB of memory, as much as the longest row.
_SLICE = 1 << 11

# Errors on reading a truncated or damaged compressed file.
BROKEN = (EOFError, zlib.error, zstandard.ZstdError, gzip.BadGzipFile)


class _ZstandardStream(io.RawIOBase):
    """A stream that decompresses frame after frame, and raises EOFError for a truncated last frame.

    The library's own stream reader ends without an error there.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._at_frame_start = True
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            if not self._fill():
                return 0
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _fill(self) -> bool:
        data = self._frame.unused_data if self._frame.eof else b""
        data = data or self._raw.read(_SLICE)
        if self._frame.eof:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._at_frame_start = True
        if not data:
            if self._at_frame_start:
                return False
            raise EOFError("the last compressed frame is incomplete")
        self._at_frame_start = False
        self._ready = memoryview(self._frame.decompress(data))
        return True

    def close(self) -> None:
        self._raw.close()
        super().close()


def open_bytes(path: Path) -> IO[bytes]:
    """Return the file's content as a stream, decompressed while it is read."""
    raw = path.open("rb", buffering=_CHUNK)
    magic = raw.read(4)
    raw.seek(0)
    if magic.startswith(GZIP_MAGIC):
        return io.BufferedReader(_Gzip(raw), _CHUNK)
    if magic == ZSTANDARD_MAGIC:
        return io.BufferedReader(_ZstandardStream(raw), _CHUNK)
    return raw


class _Gzip(gzip.GzipFile):
    """A GzipFile that closes the file it reads from."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._compressed = raw

    def close(self) -> None:
        super().close()
        self._compressed.close()
