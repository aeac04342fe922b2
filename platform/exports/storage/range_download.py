"""Resumable downloads: one byte range of a file (RFC 9110)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from exports.files.manifest import MANIFEST
from exports.models import Export
from exports.storage.export_store import StoreError, open_file

PIECE = 1 << 20
# One range alone; of several the first would do, but no client that resumes asks for several.
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.ASCII)


def download(export: Export, name: str, headers: Mapping[str, str]) -> HttpResponseBase:
    """Return a file of the manifest, the manifest, or the part that the Range header asks for.

    Raises Http404 for any other name. A range in other units is ignored, as the RFC says, and so is
    one whose If-Range names another file; one past the end gets 416. An export's files never
    change, so the export's fingerprint is their ETag.
    """
    if name != MANIFEST and name not in _listed(export):
        raise Http404(f"Export {export.pk} has no file {name!r}.")
    stack = ExitStack()
    try:
        stream = stack.enter_context(open_file(export, name))
    except (FileNotFoundError, StoreError) as error:
        raise Http404 from error
    size = stream.seek(0, 2)
    etag = f'"{export.fingerprint}"'
    # There is no date to compare one in If-Range with: the whole file then, which is never wrong.
    wanted = headers.get("Range", "") if headers.get("If-Range", etag) == etag else ""
    span = _span(wanted, size)
    if span is None:
        stack.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span
    response = StreamingHttpResponse(
        _pieces(stack, stream, start, end),
        status=206 if _RANGE.fullmatch(wanted) else 200,
        content_type="application/octet-stream",
    )
    file_name = f"{export.pk}-{name.replace('/', '-')}"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Content-Length"] = str(end - start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    if response.status_code == 206:
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _listed(export: Export) -> set[str]:
    manifest = export.manifest or {}
    return {*manifest.get("files", {}), *manifest.get("other_files", {})}


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last; None where the file has none of them."""
    found = _RANGE.fullmatch(wanted)
    if found is None:
        return 0, size
    first, last, suffix = found.groups()
    if suffix:
        start, end = max(0, size - int(suffix)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    return (start, end) if start < end else None


def _pieces(stack: ExitStack, stream: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with stack:
        stream.seek(start)
        while start < end and (piece := stream.read(min(PIECE, end - start))):
            start += len(piece)
            yield piece
