"""Sources of imports: a file or folder, an upload, or a dataset of the Hugging Face Hub.

A source is a text: a path, `hub:owner/name` or `hub:owner/name@revision`, or the name of an upload
in storage, which starts with `uploads/`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage

from traces.containers import UnreadableFile
from traces.formats import ReadOptions
from traces.formats.format_reader import UnknownFormat, read_rows
from traces.records import RejectedRow, TraceRecord

HUB = "hub:"
UPLOADS = "uploads/"
ENDINGS = tuple(
    kind + packing
    for kind in (".json", ".jsonl", ".csv", ".parquet")
    for packing in ("", ".gz", ".zst")
)

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,199}")
# "train-00000-of-00012": the number is not part of the subset's name.
_SHARD = re.compile(r"-\d{5}-of-\d{5}(-[0-9a-f]+)?$")


class SourceError(ValueError):
    """A source that can't be read; the message has the reason and what would be right."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A data file. `subset`, from its place in the folder, is for rows that name none."""

    path: Path
    subset: str = ""


def find_files(source: str) -> list[SourceFile]:
    """Return the source's data files in a fixed order, downloaded if they are on the Hub."""
    if source.startswith(HUB):
        return files_below(_download(*parse_hub(source)))
    path = _upload(source) if source.startswith(UPLOADS) else Path(source)
    if path.is_dir():
        return files_below(path)
    if not path.is_file():
        raise SourceError(f"There is no file {source}; check the path.")
    return [SourceFile(path)]


def files_below(folder: Path) -> list[SourceFile]:
    """Return the data files in a folder and its subfolders, without hidden ones."""
    names = sorted(
        path.relative_to(folder) for path in folder.rglob("*") if path.name.endswith(ENDINGS)
    )
    names = [name for name in names if not any(part.startswith(".") for part in name.parts)]
    if not names:
        raise SourceError(
            f"{folder} holds no data file; their names end in {', '.join(ENDINGS[::3])}, "
            "or in one of these with .gz or .zst."
        )
    only = len(names) == 1
    return [SourceFile(folder / name, "" if only else _subset(name)) for name in names]


def path_for_page(text: str) -> Path:
    """Return the path that was typed on a page, if it resolves to a place below IMPORT_ROOT."""
    if not settings.IMPORT_ROOT:
        raise SourceError(
            "This server takes no paths; upload the file, or set MISSTEP_IMPORT_ROOT."
        )
    root = Path(settings.IMPORT_ROOT).resolve()
    path = (root / text).resolve()
    if not path.is_relative_to(root):
        raise SourceError(f"{text} is not below {root}; name a file or folder that is.")
    if not path.exists():
        raise SourceError(f"There is no file {text} below {root}; check the path.")
    return path


def parse_hub(source: str) -> tuple[str, str | None]:
    """Return the id and the revision of `hub:owner/name@revision`."""
    name, _, revision = source.removeprefix(HUB).partition("@")
    if not _HUB_ID.fullmatch(name) or ".." in name or "--" in name:
        raise SourceError(f"{name!r} is not a Hugging Face dataset; write hub:owner/name.")
    if revision and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise SourceError(f"{revision!r} is no revision; name a branch, a tag or a commit.")
    return name, revision or None


def name_for(source: str) -> str:
    """Return a dataset's name for the source: its last part without endings, in allowed letters."""
    last = parse_hub(source)[0] if source.startswith(HUB) else source
    name = last.rstrip("/").rpartition("/")[2]
    for ending in sorted(ENDINGS, key=len, reverse=True):
        name = name.removesuffix(ending)
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("._-")[:100]
    if not cleaned:
        raise SourceError(f"No name can be made of {source!r}; give the dataset a name.")
    return cleaned


def _upload(name: str) -> Path:
    if ".." in Path(name).parts:
        raise SourceError(f"There is no upload {name}.")
    try:
        return Path(default_storage.path(name))
    except SuspiciousFileOperation as error:
        raise SourceError(f"There is no upload {name}.") from error


def _subset(name: Path) -> str:
    stem = name.name[: -len(next(e for e in reversed(ENDINGS) if name.name.endswith(e)))]
    folders = [part for part in name.parts[:-1] if part != "data"]
    return "/".join([*folders, _SHARD.sub("", stem)])


def _download(name: str, revision: str | None) -> Path:
    """Return the folder of the dataset in the Hub's cache; files in it are not loaded again."""
    from huggingface_hub import snapshot_download  # half a second, needed only here
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    patterns = [f"*{ending}" for ending in ENDINGS]
    try:
        folder = snapshot_download(
            name, repo_type="dataset", revision=revision, allow_patterns=patterns
        )
    except GatedRepoError as error:
        raise SourceError(
            f"The Hub gives {name} only to accounts that accepted its terms; set HF_TOKEN to one's."
        ) from error
    except RepositoryNotFoundError as error:
        raise SourceError(f"The Hub has no dataset {name}, or none for this account.") from error
    except RevisionNotFoundError as error:
        raise SourceError(f"The dataset {name} has no revision {revision}.") from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise SourceError(f"The Hub could not be reached for {name}: {error}") from error
    return Path(folder)


def read_source(
    files: list[SourceFile], format: str, options: ReadOptions
) -> Iterator[TraceRecord | RejectedRow]:
    """Yield the rows of all files. An unreadable file among several is a rejection at line 0."""
    if len(files) == 1:
        yield from read_rows(files[0].path, format or None, _options_for(files[0], options))
        return
    for file in files:
        try:
            rows = read_rows(file.path, format or None, _options_for(file, options))
        except (UnreadableFile, UnknownFormat) as error:
            yield RejectedRow(0, file.path.name, str(error))
            continue
        for row in rows:
            if isinstance(row, RejectedRow):
                row = replace(row, reason=f"{row.reason} (in {file.path.name})")
            yield row


def _options_for(file: SourceFile, options: ReadOptions) -> ReadOptions:
    return options if options.subset else replace(options, subset=file.subset)
