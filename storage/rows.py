"""The frozen rows that the database hands out."""

from datetime import datetime

from msgspec import Struct

from core.health import Health
from core.hosts import HostState
from core.model import FIELDS, ChangeKind, Content, FieldChange, NormalText, PageState, Presence


class PageDraft(Struct, frozen=True):
    """A page to be kept. `schedule` is a text of `config.schedule`; `priority` 0 goes first, 2 last."""

    url: str
    name: str = ""
    origin: str = "command"
    scheduled: bool = False
    profile: str = ""
    schedule: str = ""
    labels: tuple[str, ...] = ()
    watch: tuple[str, ...] = FIELDS
    priority: int = 1


class PageRow(Struct, frozen=True):
    """One page, and what is known of it now. `title` is that of the head."""

    id: int
    url: str
    name: str
    origin: str
    status: str
    scheduled: bool
    profile: str
    schedule: str
    labels: tuple[str, ...]
    watch: tuple[str, ...]
    priority: int
    host: str
    next_due: datetime | None
    added_at: datetime
    presence: Presence
    head_number: int | None
    title: str
    last_good_at: datetime | None
    last_check_at: datetime | None


class Bases(Struct, frozen=True):
    """What the next capture of a page is packed against, each None where there is none yet.

    Its address; bodies, that of its head and the frame of its host; and of that host the capture, with its packed
    headers, against which those of all its captures are packed.
    """

    url: str
    head: int | None
    host: int | None
    frame: int | None
    frame_headers: bytes | None


class PackedBody(Struct, frozen=True):
    """A body on its way into the database: packed, alone or against the kept body that has the hash `base`.

    Nothing is packed where the body is `base` itself. `size` is that of the body, in bytes.
    """

    base: bytes | None
    packed: bytes
    size: int


class BeforeCheck(Struct, frozen=True):
    """What is known of a page before a check. `failures` are its failed checks in a row.

    `head_number` is that of the head's version within the page, `head_capture` what it was read from; that need not be
    the newest good capture: one imported later, of a time before the last check, moves no head.
    """

    state: PageState
    head_number: int | None
    head_capture: int | None
    last_check_at: datetime | None
    is_scheduled: bool
    schedule: str
    failures: int
    host: HostState
    health: Health
    bases: Bases


class VersionRow(Struct, frozen=True):
    """One version: `number` counts from 1 within its page."""

    id: int
    page: int
    number: int
    rules_id: str
    fingerprint: bytes
    text: NormalText
    capture: int
    profile: str
    charset: str


class SpellRow(Struct, frozen=True):
    """An unbroken time in which a page showed one version."""

    version: int
    number: int
    rules_id: str
    first_seen_at: datetime
    last_seen_at: datetime
    first_capture: int
    last_capture: int
    title: str
    editor: str


class CheckRow(Struct, frozen=True):
    """One check, whatever came of it. `number` is that of the version the page then showed.

    Retention makes one row of `checks` that found the same, up to `last_at`. `stands_in`: the check's own capture is
    gone, and `capture` is the one before it that read the same.
    """

    id: int
    at: datetime
    outcome: str
    failure: str
    capture: int | None
    quality: str
    presence: Presence
    content: Content
    reason: str
    number: int | None
    removed: dict[str, int]
    checks: int
    last_at: datetime
    stands_in: bool


class ChangeRow(Struct, frozen=True):
    """One change that was told, by the check that found it; versions by their number within the page.

    A `superseded` one is no change under the rules the page is read by now; one that `is_seen` was marked by a reader.
    """

    id: int
    page: int
    check: int
    url: str
    name: str
    title: str
    kind: ChangeKind
    from_number: int | None
    to_number: int | None
    fields: tuple[FieldChange, ...]
    detail: str
    last_good_at: datetime | None
    seen_at: datetime
    labels: tuple[str, ...]
    superseded: bool
    is_seen: bool
    likeness: bytes


class Validators(Struct, frozen=True):
    """What the fetch of a page's head allows to ask: has it changed since? `full_at`: when that fetch was."""

    etag: str
    last_modified: str
    full_at: datetime


class Recorded(Struct, frozen=True):
    """What one check wrote: the numbers of its rows."""

    check: int
    capture: int | None
    version_number: int | None
    change: int | None
