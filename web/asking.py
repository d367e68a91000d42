"""What a request asks for: a page, a change, a version, or the changes that a choice of the reader fits."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import asdict
from starlette.requests import Request

from core.errors import UsageError
from core.model import FIELDS, ChangeKind
from reports.plain import ZONE
from storage.choosing import Wanted
from storage.overview import Overview
from storage.read import Reader
from storage.rows import ChangeRow, PageRow

_MOST = 2**63 - 1


class NotThere(Exception):
    """There is no such page, change or file."""


class Choice(Struct, frozen=True):
    """Which changes are wanted; what is empty or None does not matter. Days are of Asia/Shanghai, both included."""

    since: date | None = None
    until: date | None = None
    host: str = ""
    label: str = ""
    field: str = ""
    kind: str = ""
    page: int | None = None
    seen: str = ""

    @property
    def query(self) -> str:
        """The choice as the query of an address, with its question mark; empty where everything is wanted."""
        return f"?{urlencode(self._given)}" if self._given else ""

    @property
    def said(self) -> list[str]:
        """The choice in words of the query: `label edu`."""
        return [f"{name} {value}" for name, value in self._given.items()]

    @property
    def is_of_all(self) -> bool:
        """Whether no change is left out but those seen already."""
        return self._given.keys() <= {"seen"}

    @property
    def _given(self) -> dict[str, object]:
        given = asdict(self)
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
        seen=_one_of(asked.get("seen", ""), ("no",), "seen"),
    )


def chosen(reader: Overview, choice: Choice, limit: int, before: ChangeRow | None = None) -> list[ChangeRow]:
    """Return the newest changes that fit, those older than the change `before` where it is given."""
    wanted = Wanted(
        since=_begin(choice.since) if choice.since else None,
        until=_begin(choice.until + timedelta(days=1)) if choice.until else None,
        host=choice.host,
        label=choice.label,
        field=choice.field,
        kind=choice.kind,
        page=choice.page,
        unseen=bool(choice.seen),
        before=before,
    )
    return reader.choose(wanted, limit)


def page_of(reader: Reader, request: Request) -> PageRow:
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


def _known(given: int) -> int:
    if given > _MOST:
        raise NotThere
    return given


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
