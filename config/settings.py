"""The frozen settings that a configuration file is read into; the defaults are those of no file at all."""

from zoneinfo import ZoneInfo

from msgspec import Struct, field

from core.model import FIELDS, Headers

DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")


class Window(Struct, frozen=True):
    """The hours of the week in which a page may be checked, a line of `config.window` read in `zone`."""

    line: str
    zone: ZoneInfo = DEFAULT_ZONE


class Every(Struct, frozen=True):
    """Check each time this much time has passed, and only in the window where there is one.

    `jitter_s`: each page up to so much later, always as much, so that many pages spread out.
    """

    seconds: int
    window: Window | None = None
    jitter_s: int = 0


class Cron(Struct, frozen=True):
    """Check at the times of a five-field cron line, read in `zone`; with `jitter_s` as `Every` has it."""

    line: str
    zone: ZoneInfo = DEFAULT_ZONE
    jitter_s: int = 0


Schedule = Every | Cron

ONCE_A_DAY = Every(24 * 3600)

PRIORITIES = ("high", "normal", "low")
"""Of the pages of one host that are due, which goes first; the database keeps the place in this list."""


class CrawlSettings(Struct, frozen=True):
    """How politely and how safely pages are fetched."""

    contact: str = ""
    """URL or e-mail address told to the sites in the user agent."""
    obey_robots: bool = True
    delay_s: float = 2.0
    """Least time between two requests to one host."""
    concurrency: int = 16
    """How many pages each process fetches at the same time."""
    concurrency_per_host: int = 1
    timeout_s: float = 30.0
    """Longest silence while connecting or waiting."""
    deadline_s: float = 90.0
    """Longest time for one fetch in all, retries and redirects included."""
    max_bytes: int = 8 * 1024 * 1024
    retries: int = 2
    retry_wait_s: float = 2.0
    """Wait before the first retry; doubles with each."""
    allow_networks: tuple[str, ...] = ()
    """Private, loopback or reserved networks (CIDR) that may be connected to all the same."""


class AbsencePolicy(Struct, frozen=True):
    """When a page that answers `gone` or `moved` is told as such."""

    confirmations: int = 3
    hold_s: int = 6 * 3600
    """The run of such answers must also have lasted this long."""


class Target(Struct, frozen=True):
    """What the config says of one page (a group of several URLs gives one target each)."""

    name: str
    url: str
    profile: str = ""
    """Name of a profile; empty: by host, then by CMS marker, then generic."""
    schedule: Schedule = ONCE_A_DAY
    priority: str = "normal"
    watch: tuple[str, ...] = FIELDS
    labels: tuple[str, ...] = ()
    headers: Headers = ()
    cookies: tuple[tuple[str, str], ...] = ()
    proxy: str = ""
    accept_invalid_tls: bool = False
    failing_after: int = 3
    """After so many bad checks in a row the page is told as failing."""
    failing_for_s: int = 6 * 3600
    """And these must have lasted so long: a page that failed is tried again soon, and an hour's trouble is usual."""
    stale_after_s: int = 0
    """After so long without a good check the page is told as stale; 0: by its schedule."""


HOLD_S = 60
CHANNEL_KINDS = ("stdout", "file", "webhook", "mail", "apprise")


class MailServer(Struct, frozen=True):
    """Where mail is handed in, and from whom to whom. `security`: `tls` from the start, `starttls`, or `none`."""

    host: str
    port: int
    security: str
    sender: str
    recipients: tuple[str, ...]
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailServer({self.host!r}, {self.port}, {self.sender!r})"


class Channel(Struct, frozen=True):
    """Where changes are reported to. Empty filters let everything through."""

    name: str
    kind: str
    path: str = ""
    url: str = ""
    """A webhook's or Apprise service's address, which may hold a token."""
    secret: str = ""
    mail: MailServer | None = None
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    health: bool = True
    """Whether it is also told of pages that are no longer checked well, and that are again."""
    hold_s: int = HOLD_S
    """How long a change waits for others, so that a redesign is one report."""
    digest: Cron | None = None
    """At these times what has come by then is told at once; None: immediately, after the hold."""

    def __repr__(self) -> str:
        """Without the address, which may hold a token, and the secret."""
        return f"Channel({self.name!r}, {self.kind!r})"


class Retention(Struct, frozen=True):
    """After how long what found nothing new is kept more sparsely; None: it is kept as it is."""

    captures_after_s: int | None = None
    capture_every_s: int = 24 * 3600
    """Of older captures that differ in noise alone, one is kept for each such span."""
    checks_after_s: int | None = None


class Settings(Struct, frozen=True):
    """A whole configuration."""

    path: str = ""
    """The file it was read from; empty where there is none."""
    database: str = "govwatch.db"
    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    absence: AbsencePolicy = field(default_factory=AbsencePolicy)
    targets: tuple[Target, ...] = ()
    channels: tuple[Channel, ...] = ()
    retention: Retention = field(default_factory=Retention)
    metrics_port: int = 0
    """Port of 127.0.0.1 where the daemon tells its figures; 0: nowhere."""
    rules_dir: str = ""
    """Folder with the user's own `profiles/*.toml` and `rules/*.toml`; empty: only the shipped ones."""
