"""The state of the import page: the forms that were sent, and the preview of their source.

Between preview and import an upload waits in storage. The browser holds its name signed, so that no
other file of the server can be named.
"""

import uuid
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from accounts.rules import UserRequest
from traces.datasets.trace_page import finding_in_words
from traces.formats import FORMATS
from traces.imports.forms import HowForm, WhereForm
from traces.imports.import_job import start_import
from traces.imports.preview import preview
from traces.imports.sources import HUB, UPLOADS, name_for, path_for_page
from traces.models import Import
from traces.records import RejectedRow, TraceRecord

SALT = "traces.imports.page"


@dataclass(frozen=True, slots=True)
class RowPreview:
    """A row as it would be stored, with its label in words."""

    record: TraceRecord
    finding: str


@dataclass(frozen=True, slots=True)
class SourcePreview:
    title: str
    rows: list[RowPreview]
    rejections: list[RejectedRow]


class ImportPage:
    """One request to the import page, with everything that its template prints."""

    def __init__(self, request: UserRequest) -> None:
        sent = request.POST if request.method == "POST" else None
        self.request = request
        self.where = WhereForm(sent, request.FILES if sent is not None else None)
        self.how = HowForm(sent)
        self.preview: SourcePreview | None = None
        self.source = ""

    @property
    def signed_source(self) -> str:
        return signing.dumps(self.source, salt=SALT) if self.source else ""

    @property
    def source_name(self) -> str:
        return PurePath(self.source).name

    @property
    def shows_choices(self) -> bool:
        """True if the format options are shown open: one was set, or one is wrong."""
        return bool(self.how.errors) or (self.how.is_bound and self.how.has_changed())

    def read(self) -> None:
        """Find the source and its first rows; problems become errors of the form."""
        if not (self.where.is_valid() and self.how.is_valid()):
            return
        try:
            self.source = self._find_source()
            first = preview(self.source, self.how.cleaned_data["format"], self.how.options)
        except (ValueError, OSError) as error:
            self.where.add_error(None, _sentence(error))
            return
        self.preview = SourcePreview(
            title=FORMATS[first.format].title,
            rows=[RowPreview(record, _finding(record)) for record in first.records],
            rejections=first.rejections,
        )

    def start(self) -> Import | None:
        """Start the import of the previewed source, or add the reason against it to the form."""
        try:
            return start_import(
                dataset_name=self.where.cleaned_data["dataset"] or name_for(self.source),
                source=self.source,
                format=self.how.cleaned_data["format"],
                options=self.how.options,
                created_by=self.request.user,
            )
        except ValueError as error:
            self.where.add_error(None, str(error))
            return None

    def _find_source(self) -> str:
        sent = self.where.cleaned_data
        upload: UploadedFile | None = sent["file"]
        if upload:
            name = f"{UPLOADS}{uuid.uuid4()}/{PurePath(upload.name or 'upload').name}"
            return str(default_storage.save(name, upload))
        if sent["location"].startswith(HUB):
            revision = f"@{sent['revision']}" if sent["revision"] else ""
            return str(sent["location"]) + revision
        if sent["location"]:
            return str(path_for_page(sent["location"]))
        if kept := self.request.POST.get("source"):
            try:
                return str(signing.loads(kept, salt=SALT))
            except signing.BadSignature:
                raise ValueError(
                    "The uploaded file is no longer available. Choose the file again."
                ) from None
        raise ValueError("Choose a file or enter a Hugging Face dataset.")


def _finding(record: TraceRecord) -> str:
    return finding_in_words(record.label.earliest_error) if record.label else "none"


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The file couldn't be read: {error.strerror or error}."
    text: Any = str(error)
    return text[:1].upper() + text[1:]
