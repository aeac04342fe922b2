"""The bytes of a file, taken out of gzip or Zstandard where it is compressed."""

import gzip
import io
import zlib
from pathlib import Path
from typing import IO

import zstandard

GZIP_MAGIC = b"\x1f\x8b"
ZSTANDARD_MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 18
# As much as Zstandard is given at a time. Four bytes can stand for 128 KiB, and it hands out all
# that it finds: so a file made to fill the memory takes 64 MiB of it, as the longest row does.
_SLICE = 1 << 11

# What reading a compressed file raises where it is cut short or damaged.
BROKEN = (EOFError, zlib.error, zstandard.ZstdError, gzip.BadGzipFile)


class _ZstandardStream(io.RawIOBase):
    """Decompresses frame after frame; raises EOFError where the last frame is cut short.

    The library's own stream reader ends quietly there.
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
            raise EOFError("the last compressed frame is not complete")
        self._at_frame_start = False
        self._ready = memoryview(self._frame.decompress(data))
        return True

    def close(self) -> None:
        self._raw.close()
        super().close()


def open_bytes(path: Path) -> IO[bytes]:
    """The file's content, decompressed as it is read."""
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
        self._beneath = raw

    def close(self) -> None:
        super().close()
        self._beneath.close()
