"""What a request asks for: a page, a change, a version, or the changes that a choice of the reader fits."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request

from core.errors import UsageError
from core.model import FIELDS, ChangeKind
from reports.plain import ZONE
from storage.overview import Overview
from storage.rows import ChangeRow, PageRow

_FIRST_LOOK, _WIDER = 4, 8
_FEW_PAGES = 20
_MOST = 2**63 - 1


class NotThere(Exception):
    """There is no such page, change or file."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which changes are wanted; what is empty or None does not matter. Days are of Asia/Shanghai, both included."""

    since: date | None = None
    until: date | None = None
    host: str = ""
    label: str = ""
    field: str = ""
    kind: str = ""
    page: int | None = None

    def fits(self, change: ChangeRow) -> bool:
        """Whether a change is wanted, as far as the database was not asked for it: all but since, field and page."""
        return (
            (self.until is None or change.seen_at < _begin(self.until + timedelta(days=1)))
            and self.fits_page(change)
            and (not self.kind or change.kind == self.kind)
        )

    def fits_page(self, page: PageRow | ChangeRow) -> bool:
        """Whether changes of a page are wanted, by its host and labels."""
        return (not self.host or host_of(page.url) == self.host.lower()) and (
            not self.label or self.label in page.labels
        )

    @property
    def query(self) -> str:
        """The choice as the query of an address, with its question mark; empty where everything is wanted."""
        return f"?{urlencode(self._given)}" if self._given else ""

    @property
    def said(self) -> list[str]:
        """The choice in words of the query: `label edu`."""
        return [f"{name} {value}" for name, value in self._given.items()]

    @property
    def _given(self) -> dict[str, object]:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in given.items() if value not in ("", None)}


def parse_choice(request: Request) -> Choice:
    """Return what a query asks for. Raises UsageError for what cannot be."""
    asked = request.query_params
    return Choice(
        since=_day(asked.get("since", ""), "since"),
        until=_day(asked.get("until", ""), "until"),
        host=asked.get("host", "").strip(),
        label=asked.get("label", "").strip(),
        field=_one_of(asked.get("field", ""), FIELDS, "field"),
        kind=_one_of(asked.get("kind", ""), tuple(map(str, ChangeKind)), "kind"),
        page=number(request, "page") if asked.get("page") else None,
    )


def chosen(reader: Overview, choice: Choice, limit: int, before: ChangeRow | None = None) -> list[ChangeRow]:
    """Return the newest changes that fit, those older than the change `before` where it is given."""
    for rows, is_all in _looks(reader, choice, limit):
        found = [row for row in rows if choice.fits(row) and (before is None or _place(row) < _place(before))]
        if is_all or len(found) >= limit:
            break
    return found[:limit]


def _looks(reader: Overview, choice: Choice, limit: int) -> Iterator[tuple[list[ChangeRow], bool]]:
    """Yield ever more of the newest changes, and whether that is all: a common choice is answered from a few.

    Where a host or label stands for few pages, they are looked at alone: all 99,000 changes of a database take 2 s.
    """
    since, field = _begin(choice.since) if choice.since else None, choice.field or None
    pages: list[int | None] = [choice.page]
    if choice.page is None and (choice.host or choice.label):
        having: list[int | None] = [page.id for page in reader.pages() if choice.fits_page(page)]
        pages = having if len(having) <= _FEW_PAGES else [None]
    if pages != [None]:
        rows = [row for page in pages for row in reader.changes(since=since, page=page, field=field)]
        yield sorted(rows, key=_place, reverse=True), True
        return
    size = limit * _FIRST_LOOK
    while True:
        rows = reader.changes(since=since, field=field, limit=size)
        yield rows, len(rows) < size
        size *= _WIDER


def page_of(reader: Overview, request: Request) -> PageRow:
    """Return the page a path names. Raises NotThere."""
    page = reader.page(_known(request.path_params["page"]))
    if page is None:
        raise NotThere
    return page


def change_of(reader: Overview, request: Request) -> ChangeRow:
    """Return the change a path names. Raises NotThere."""
    change = reader.change(_known(request.path_params["change"]))
    if change is None:
        raise NotThere
    return change


def before_of(reader: Overview, request: Request) -> ChangeRow | None:
    """Return the change that a query goes on from, None where it begins. Raises NotThere and UsageError."""
    if "before" not in request.query_params:
        return None
    change = reader.change(number(request, "before"))
    if change is None:
        raise NotThere
    return change


def number(request: Request, name: str) -> int:
    """Return a number of the query. Raises UsageError where it is none."""
    text = request.query_params.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise UsageError(f"{name}={text!r} is no number")
    return int(text)


def host_of(url: str) -> str:
    """Return the host of an address in small letters; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _known(given: int) -> int:
    if given > _MOST:
        raise NotThere
    return given


def _place(change: ChangeRow) -> tuple[datetime, int]:
    return change.seen_at, change.id


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def _day(text: str, name: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.min
    # A year that no watched page is of would fail where it is turned to UTC, or its end is looked for.
    if day and not 1970 <= day.year < 9000:
        raise UsageError(f"{name}={text!r} is no day; write it as 2026-01-31")
    return day


def _one_of(text: str, known: tuple[str, ...], name: str) -> str:
    if text and text not in known:
        raise UsageError(f"{name}={text!r} is not known; there are: {', '.join(known)}")
    return text
