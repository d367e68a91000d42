"""The frozen values a page's road is made of, from the plan to the change.

Every `_at` is an aware datetime in UTC. In an extract and a normal text, `None` means *not observable*
(never compared); an empty string or tuple means the page shows nothing there.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import astuple, replace

FIELDS = ("title", "published", "source", "editor", "body", "attachments")
"""The fields of a page, in the order in which every report shows them."""

Headers = tuple[tuple[str, str], ...]
"""Header fields in the order received; bytes decoded as latin-1, so nothing is lost."""


class Presence(StrEnum):
    """Whether the page is there."""

    PRESENT = "present"
    REMOVED = "removed"
    MOVED = "moved"
    UNKNOWN = "unknown"


class Content(StrEnum):
    """What one check found out about the text of the page."""

    FIRST_SEEN = "first-seen"
    SAME = "same"
    CHANGED = "changed"
    REVERTED = "reverted"
    REPROCESSED = "reprocessed"
    NONE = "none"


class QualityKind(StrEnum):
    """How good a capture is; only `ok` (and a 304 of an ok capture) may move the baseline."""

    OK = "ok"
    NOT_MODIFIED = "not-modified"
    GONE = "gone"
    MOVED = "moved"
    BLOCKED = "blocked"
    ERROR_PAGE = "error-page"
    PARTIAL = "partial"
    SUSPECT = "suspect"


class FailureKind(StrEnum):
    """Why a fetch gave no capture."""

    DNS = "dns"
    TLS = "tls"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    CONNECTION = "connection"
    TOO_LARGE = "too-large"
    REDIRECT = "redirect"
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots-unreachable"
    EGRESS = "egress"
    PROTOCOL = "protocol"
    CANCELLED = "cancelled"
    SETTINGS = "settings"


class ChangeKind(StrEnum):
    """What kind of thing worth telling has happened."""

    CHANGED = "changed"
    REVERTED = "reverted"
    REMOVED = "removed"
    MOVED = "moved"
    RESTORED = "restored"


class FetchPlan(Struct, frozen=True):
    """What the crawler is told to fetch. Without validators the GET is unconditional."""

    page: int
    url: str
    etag: str = ""
    last_modified: str = ""
    headers: Headers = ()
    cookies: tuple[tuple[str, str], ...] = ()
    proxy: str = ""
    accept_invalid_tls: bool = False


class Hop(Struct, frozen=True):
    """One redirect that was followed: the address that answered and its status."""

    url: str
    status: int


class Capture(Struct, frozen=True, dict=True):
    """One response as served.

    `body` has the content coding (gzip, deflate) removed where that went cleanly; else it is the bytes as
    served and `defect` says what is wrong with them. `wire_sha256` is of the bytes as served, empty where those are
    the body. Between processes the body may be left out: such a capture is only to be kept, once its body is.
    """

    url: str
    final_url: str
    status: int
    headers: Headers
    body: bytes
    requested_at: datetime
    received_at: datetime
    media: Literal["html", "text"] = "html"
    origin: Literal["fetch", "import"] = "fetch"
    redirects: tuple[Hop, ...] = ()
    ip: str = ""
    tls: Literal["", "verified", "unverified"] = ""
    wire_bytes: int = 0
    wire_sha256: str = ""
    defect: str = ""

    @cached_property
    def body_sha256(self) -> bytes:
        """The SHA-256 of the body. It is asked for twice, and costs 20 µs for 40 KB: what was counted is kept."""
        return sha256(self.body).digest()

    @property
    def lacks_body(self) -> bool:
        """Whether its body was left out: all that is here of it is the hash."""
        return not self.body and self.body_sha256 != _SHA256_OF_NOTHING

    def without_body(self) -> "Capture":
        """Return it with its body left out, for somebody who gets that packed."""
        return _counted(astuple(replace(self, body=b"")), {"body_sha256": self.body_sha256})

    def __reduce__(self) -> tuple[Any, ...]:
        """Be pickled with the hash that was counted: else whoever is sent a capture counts it again."""
        return _counted, (astuple(self), self.__dict__)


_SHA256_OF_NOTHING = sha256(b"").digest()


def _counted(values: tuple[Any, ...], counted: dict[str, bytes]) -> Capture:
    capture = Capture(*values)
    capture.__dict__.update(counted)
    return capture


class NotModified(Struct, frozen=True):
    """A 304: what the validators of the plan stood for is still being served."""

    url: str
    headers: Headers
    requested_at: datetime
    received_at: datetime
    ip: str = ""


class FetchFailure(Struct, frozen=True):
    """A fetch that gave no capture. `detail` is one line a user can act on."""

    url: str
    kind: FailureKind
    detail: str
    requested_at: datetime
    received_at: datetime


Outcome = Capture | NotModified | FetchFailure


class Quality(Struct, frozen=True):
    """The judgement of a capture, with its reason in words (empty for `ok`)."""

    kind: QualityKind
    reason: str = ""


class Attachment(Struct, frozen=True):
    """A file offered by the page: the name it shows and its absolute URL."""

    name: str
    url: str


class Removal(Struct, frozen=True):
    """What one rule took out of one capture."""

    rule_id: str
    chars: int


class NormalText(Struct, frozen=True):
    """The fields of a page after the rules: what is fingerprinted, kept as a version and compared.

    `published` is ISO 8601 with offset (`2017-05-22T14:50:00+08:00`), or only the day where the page shows
    no time. `body` is one string per paragraph. Text is as displayed; full and half width forms are folded
    only where two texts are compared.
    """

    title: str | None
    published: str | None
    source: str | None
    editor: str | None
    body: tuple[str, ...] | None
    attachments: tuple[Attachment, ...] | None


class Evidence(Struct, frozen=True):
    """Which candidate of the profile gave a field, and what it gave: shown by `probe`."""

    field: str
    selector: str
    value: str


class Reading(Struct, frozen=True):
    """A capture read under one rules id: its quality and, where that is `ok` or `suspect`, its text."""

    quality: Quality
    rules_id: str
    text: NormalText | None = None
    charset: str = ""
    profile: str = ""
    removed: tuple[Removal, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class SameAs(Struct, frozen=True):
    """What a check found without reading: that the page says what one of its versions says, read under one rules id.

    `quality` is `ok` where a capture was known again, `not-modified` for a 304; `removed` is what the rules took out.
    """

    version: int
    rules_id: str
    quality: Quality
    removed: tuple[Removal, ...] = ()


class Verdict(Struct, frozen=True):
    """What one check says of the page: two values, and the reason in words where there is one."""

    presence: Presence
    content: Content
    reason: str = ""


class Head(Struct, frozen=True):
    """The version that the page showed at its last good check. Its text is fetched by those checks that compare it."""

    version: int
    fingerprint: bytes
    rules_id: str
    fetch_text: Callable[[], NormalText]

    def __eq__(self, other: object) -> bool:
        """Tell whether both are of one version, wherever its text comes from."""
        mine = self.version, self.fingerprint, self.rules_id
        return isinstance(other, Head) and mine == (other.version, other.fingerprint, other.rules_id)

    @classmethod
    def of(cls, version: int, fingerprint: bytes, rules_id: str, text: NormalText) -> "Head":
        """Return a head whose text is at hand."""
        return cls(version, fingerprint, rules_id, lambda: text)

    @property
    def text(self) -> NormalText:
        """Its text."""
        return self.fetch_text()


class PageState(Struct, frozen=True):
    """What is known of a page before a check.

    `presence` is the last one that was established. `absent_as`, `absent_count` and `absent_since` count the
    unbroken run of `gone` or `moved` answers that is not yet, or already, told; `unknown` stands for answers that
    hardly can be the page.
    """

    presence: Presence = Presence.UNKNOWN
    head: Head | None = None
    last_good_at: datetime | None = None
    absent_as: Presence | None = None
    absent_count: int = 0
    absent_since: datetime | None = None


class FieldChange(Struct, frozen=True):
    """One field that differs. Body and attachments carry no text here: their diff is made from the versions."""

    field: str
    old: str = ""
    new: str = ""


class ChangeDraft(Struct, frozen=True):
    """A change not yet numbered: what `decide` found worth telling."""

    kind: ChangeKind
    fields: tuple[FieldChange, ...]
    last_good_at: datetime | None
    seen_at: datetime
    detail: str = ""


class Decision(Struct, frozen=True):
    """What `decide` says of one check and what is to be written.

    `fingerprint` is of the text the page is now taken to show; empty where the check moves no baseline. `text` is that
    text (unobservable fields carried over from the head); None also where it was found to be that of the head without
    being read. `state` is the presence part of the page after the check; its head is the one before, since only storage
    numbers versions.
    """

    verdict: Verdict
    state: PageState
    text: NormalText | None = None
    fingerprint: bytes = b""
    change: ChangeDraft | None = field(default=None)

    @property
    def shown(self) -> NormalText | None:
        """The text the page is now taken to show; None where the check moves no baseline."""
        head = self.state.head
        return self.text or (head.text if head is not None and self.fingerprint else None)
