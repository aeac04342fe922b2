"""Storage of finished exports: a folder next to the uploads, or an S3-compatible bucket.

The manifest is copied last into a bucket and out of it, so a copy without one is incomplete.
"""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlparse

from django.conf import settings

from exports.files.manifest import MANIFEST
from exports.models import Export

S3 = "s3://"
# Of a file on its way out of a bucket, at once.
PIECE = 8 << 20


class StoreError(OSError):
    """An unreachable store, or contradictory settings."""


def check_settings() -> None:
    """Raise StoreError where the settings of the S3 store contradict each other."""
    bucket, endpoint = settings.EXPORT_S3_BUCKET, settings.EXPORT_S3_ENDPOINT
    if not bucket and endpoint:
        raise StoreError("MISSTEP_S3_ENDPOINT is set without MISSTEP_S3_BUCKET.")
    if endpoint:
        parts = urlparse(endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise StoreError(
                f"MISSTEP_S3_ENDPOINT is {endpoint!r}, but must be an address such as "
                "https://s3.example.org, without user name and password."
            )


def has_bucket() -> bool:
    return bool(settings.EXPORT_S3_BUCKET)


def folder_of(export: Export) -> Path:
    """Return the export's folder on disk: where it stays, or is until it is in the bucket."""
    return Path(settings.DATA_DIR) / "exports" / str(export.pk)


def location_for(export: Export) -> str:
    prefix = settings.EXPORT_S3_PREFIX.strip("/")
    return f"{S3}{settings.EXPORT_S3_BUCKET}/{prefix + '/' if prefix else ''}{export.pk}"


def upload(export: Export, folder: Path, location: str) -> None:
    """Copy a complete folder into the bucket, its manifest last, and remove it from disk."""
    bucket, prefix = _parsed(location)
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    paths.sort(key=lambda path: path.name == MANIFEST)
    with _translate_errors(f"The bucket {bucket} rejected the export"):
        client = _client()
        for path in paths:
            client.upload_file(str(path), bucket, f"{prefix}/{path.relative_to(folder).as_posix()}")
    shutil.rmtree(folder)


def remove(location: str) -> None:
    """Delete everything below a location from the bucket, the manifest first."""
    bucket, prefix = _parsed(location)
    with _translate_errors(f"The bucket {bucket} still has a part of the export"):
        client = _client()
        client.delete_object(Bucket=bucket, Key=f"{prefix}/{MANIFEST}")
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/")
        for page in pages:
            for item in page.get("Contents", []):
                client.delete_object(Bucket=bucket, Key=item["Key"])


def download(export: Export, folder: Path, on_piece: Callable[[], None] = lambda: None) -> None:
    """Copy an export from its bucket into `folder`.

    `on_piece` is called repeatedly meanwhile, and may raise to stop it. The reader checks whether
    the files are those of the manifest.
    """
    manifest = export.manifest or {}
    for name in (*manifest.get("files", {}), *manifest.get("other_files", {}), MANIFEST):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.partial")
        with open_file(export, name) as stream, partial.open("wb") as file:
            while piece := stream.read(PIECE):
                file.write(piece)
                on_piece()
        partial.rename(path)


@contextmanager
def _translate_errors(what: str) -> Iterator[None]:
    """Turn what boto3 raises into a StoreError that begins with `what`."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise StoreError(f"{what}: {error}") from error


@contextmanager
def open_file(export: Export, name: str) -> Iterator[IO[bytes]]:
    """Open a file of a finished export, seekable."""
    if not export.location:
        with (folder_of(export) / name).open("rb") as stream:
            yield stream
        return
    with io.BufferedReader(S3File(export.location, name), buffer_size=1 << 20) as stream:
        yield stream


class S3File(io.RawIOBase):
    """An object of a bucket, read by ranges."""

    def __init__(self, location: str, name: str) -> None:
        self._bucket, prefix = _parsed(location)
        self._key = f"{prefix}/{name}"
        self._client = _client()
        self._place = 0
        with _translate_errors(f"{self._key} can't be read from {self._bucket}"):
            head = self._client.head_object(Bucket=self._bucket, Key=self._key)
        self.size: int = head["ContentLength"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self.size - self._place)
        if wanted <= 0:
            return 0
        last = self._place + wanted - 1
        with _translate_errors(f"{self._key} can't be read from {self._bucket}"):
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._key, Range=f"bytes={self._place}-{last}"
            )
            data = answer["Body"].read()
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


def _parsed(location: str) -> tuple[str, str]:
    bucket, _, prefix = location.removeprefix(S3).partition("/")
    return bucket, prefix


def _client() -> Any:
    import boto3  # half a second, and most installations need none

    check_settings()
    return boto3.client("s3", endpoint_url=settings.EXPORT_S3_ENDPOINT or None)
