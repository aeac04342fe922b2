"""Vega for the pages, written from `vl-convert` on first use.

The bundle is that of the installed package: nothing is copied into the project, and no page loads
anything from another host.
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

NAME = "vega/vega.js"
# vega-embed's `ast` option brings the interpreter that needs no `unsafe-eval`.
EXPORTS = "window.vegaEmbed = vegaEmbed;"


class VegaFinder(BaseFinder):
    """Finder of one static file, `vega/vega.js`, which sets `window.vegaEmbed`."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        # Django before 6.1 may still say `all`.
        every = find_all or kwargs.get("all", False)
        if path != NAME:
            return []
        found = str(bundle(_folder()))
        return [found] if every else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        if not matches_patterns(NAME, list(ignore_patterns or [])):
            bundle(_folder())
            yield NAME, FileSystemStorage(location=_folder())


def bundle(folder: Path) -> Path:
    """Return the bundle's path below `folder`; write it if missing (a second or two)."""
    path = folder / NAME
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(vl_convert.javascript_bundle(EXPORTS), encoding="utf-8")
        part.replace(path)
    return path


def _folder() -> Path:
    """Return a folder named after the version, so an upgrade brings its own bundle."""
    return Path(settings.HOME) / "built" / f"vl-convert-{version('vl-convert-python')}"
