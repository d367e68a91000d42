"""The static site: every view as a file of one folder, which opens from disk and needs nothing from elsewhere."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from core.errors import UsageError
from storage.overview import Overview
from storage.rows import PageRow
from web.html import ASSETS, FILE_POLICY, Views, asset
from web.index import index_entry
from web.links import FILES
from web.views import change_view, overview_view, page_view, pages_view

LISTED = 1_000
"""Pages in one file of the list."""
_OURS = '<meta name="generator" content="govwatch">'
_NUMBERED = re.compile(r"(page|pages|change)-\d+\.html")


class Site(Struct, frozen=True):
    """What was written: the file to open, and how much there is."""

    index: Path
    pages: int
    changes: int


def write_site(reader: Overview, folder: Path, now: datetime) -> Site:
    """Write the whole site into `folder`, over an older one. Raises UsageError where the folder cannot be used."""
    try:
        _check_owner(folder)
        (folder / "assets").mkdir(parents=True, exist_ok=True)
        for name in ASSETS:
            (folder / "assets" / name).write_bytes(asset(name))
        written = set()
        for name, text in _files(reader, now):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            written.add(name)
        _remove_stale(folder, written)
    except OSError as error:
        raise UsageError(f"{folder} cannot be used: {error.strerror or error}; give another with --out") from error
    kinds = [match[1] for name in written if (match := _NUMBERED.fullmatch(name))]
    return Site(folder / FILES.overview, kinds.count("page"), kinds.count("change"))


def _files(reader: Overview, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield each file's name and text; the overview comes last, when all it links to is there."""
    views = Views(FILES, FILE_POLICY)
    index = []
    for page in reader.pages():
        view = page_view(reader, page, now)
        yield FILES.page(page.id), views.render("page.html", view=view, made_at=now)
        yield from _changes(reader, views, page, now)
        index.append(index_entry(page, view.steps))
    yield FILES.asset("search-index.js"), f"govwatchIndex = {_script(index)};\n"
    yield from _lists(reader, views, now)
    yield FILES.search, views.render("search.html", made_at=now)
    yield FILES.overview, views.render("overview.html", view=overview_view(reader, now), made_at=now)


def _lists(reader: Overview, views: Views, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield the list of pages in parts: 10,000 rows in one file take a browser seconds."""
    view = pages_view(reader, limit=LISTED)
    yield FILES.pages, views.render("pages.html", view=view, made_at=now)
    while view.last < view.pages:
        view = pages_view(reader, limit=LISTED, behind=view.last)
        yield FILES.pages_behind(view.behind), views.render("pages.html", view=view, made_at=now)


def _changes(reader: Overview, views: Views, page: PageRow, now: datetime) -> Iterator[tuple[str, str]]:
    for change in reader.changes(page=page.id):
        view = change_view(reader, change)
        yield FILES.change(change.id), views.render("change.html", view=view, made_at=now)


def _script(value: object) -> str:
    """Return JSON that may stand in a script, in a file or in a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _check_owner(folder: Path) -> None:
    """Refuse a folder whose first file was written by something else."""
    index = folder / FILES.overview
    if index.exists() and _OURS not in index.read_text(encoding="utf-8", errors="replace"):
        raise UsageError(f"{index} was not written by govwatch; give another folder with --out")


def _remove_stale(folder: Path, written: set[str]) -> None:
    """Remove the pages and changes of an older site that this one does not have."""
    for file in folder.iterdir():
        if _NUMBERED.fullmatch(file.name) and file.name not in written:
            file.unlink()
