"""The tables, as migrations: each is applied once, in order, and never edited after it has shipped."""

import json
import sqlite3
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from sqlite_utils import Database, Migrations

from core.hosts import host_of
from storage.bodies import packed_headers
from storage.columns import MICROSECOND, headers_from_columns, listed_columns, text_from_json
from storage.counts import COUNTING
from storage.finding import TABLE, about_page, lines_of
from storage.indexing import Indexing
from storage.times import from_text
from storage.version import APPLICATION_ID
from storage.versions import LAST_VERSION, packed_after

migrations = Migrations("govwatch")


def _execute(db: Database, statements: Sequence[str]) -> None:
    for statement in statements:
        db.conn.execute(statement)


_V1 = (
    """create table page (
        id integer primary key,
        url text not null unique,
        name text not null,
        origin text not null check (origin in ('config', 'command')),
        status text not null default 'active' check (status in ('active', 'paused', 'retired')),
        scheduled integer not null check (scheduled in (0, 1)),
        profile text not null,
        schedule text not null,
        labels text not null,
        watch text not null,
        next_due text,
        added_at text not null,
        presence text not null default 'unknown',
        head integer references version (id),
        head_capture integer references capture (id),
        last_good_at text,
        last_check_at text,
        absent_as text,
        absent_count integer not null default 0,
        absent_since text
    ) strict""",
    "create index page_due on page (next_due) where status = 'active' and scheduled = 1",
    "create index page_name on page (name)",
    """create table body (
        sha256 text primary key,
        bytes integer not null,
        base text references body (sha256),
        packed blob not null
    ) strict, without rowid""",
    """create table capture (
        id integer primary key,
        page integer not null references page (id),
        body text not null references body (sha256),
        url text not null,
        final_url text not null,
        status integer not null,
        headers text not null,
        media text not null,
        origin text not null,
        redirects text not null,
        ip text not null,
        tls text not null,
        wire_bytes integer not null,
        wire_sha256 text not null,
        defect text not null,
        requested_at text not null,
        received_at text not null
    ) strict""",
    "create index capture_page on capture (page, received_at)",
    """create table version (
        id integer primary key,
        page integer not null references page (id),
        number integer not null,
        rules_id text not null,
        fingerprint blob not null,
        text text not null,
        capture integer not null references capture (id),
        profile text not null,
        charset text not null,
        unique (page, rules_id, fingerprint),
        unique (page, number)
    ) strict""",
    """create table spell (
        id integer primary key,
        page integer not null references page (id),
        rules_id text not null,
        version integer not null references version (id),
        first_seen_at text not null,
        last_seen_at text not null,
        first_capture integer not null references capture (id),
        last_capture integer not null references capture (id)
    ) strict""",
    "create index spell_page on spell (page, rules_id, first_seen_at)",
    """create table page_check (
        id integer primary key,
        page integer not null references page (id),
        at text not null,
        outcome text not null check (outcome in ('capture', 'not-modified', 'failure')),
        failure text not null,
        capture integer references capture (id),
        quality text not null,
        rules_id text not null,
        presence text not null,
        content text not null,
        reason text not null,
        version integer references version (id),
        removed text not null
    ) strict""",
    "create index page_check_page on page_check (page, at)",
    """create table change (
        id integer primary key,
        page integer not null references page (id),
        page_check integer not null references page_check (id),
        kind text not null,
        from_version integer references version (id),
        to_version integer references version (id),
        fields text not null,
        detail text not null,
        last_good_at text,
        seen_at text not null,
        likeness blob not null
    ) strict""",
    """create table change_field (
        field text not null,
        seen_at text not null,
        change integer not null references change (id),
        primary key (field, seen_at, change)
    ) strict, without rowid""",
    """create table superseded (
        change integer not null references change (id),
        rules_id text not null,
        primary key (change, rules_id)
    ) strict, without rowid""",
    """create table replay (
        page integer not null references page (id),
        rules_id text not null,
        at text not null,
        last_check integer not null references page_check (id),
        primary key (page, rules_id)
    ) strict""",
    """create table delivery (
        id integer primary key,
        channel text not null,
        notice text not null unique,
        made_at text not null,
        state text not null check (state in ('pending', 'sent', 'failed')),
        attempts integer not null default 0,
        next_try_at text not null,
        error text not null default '',
        sent_at text
    ) strict""",
    "create index delivery_pending on delivery (next_try_at) where state = 'pending'",
    """create table outbox (
        id integer primary key,
        change integer not null references change (id),
        channel text not null,
        not_before text not null,
        delivery integer references delivery (id),
        unique (change, channel)
    ) strict""",
    "create index outbox_waiting on outbox (channel, not_before) where delivery is null",
    "create index outbox_delivery on outbox (delivery)",
    "create index change_seen on change (seen_at)",
    "create index change_page on change (page, seen_at)",
    """create trigger version_is_kept before update on version
        begin select raise(abort, 'a version is never altered'); end""",
    """create trigger version_stays before delete on version
        begin select raise(abort, 'a version is never removed'); end""",
    """create trigger change_is_kept before update on change
        begin select raise(abort, 'a change that was told is never altered'); end""",
    """create trigger change_stays before delete on change
        begin select raise(abort, 'a change that was told is never removed'); end""",
    f"pragma application_id = {APPLICATION_ID}",
    "pragma user_version = 1",
)


@migrations()
def first_tables(db: Database) -> None:
    """Pages, captures with their bodies, checks, versions, spells and changes."""
    _execute(db, _V1)


_FIRST_DUE = " union all ".join(
    "select min(next_due) as due from page"
    f" where host = new.host and priority = {priority} and status = 'active' and scheduled = 1"
    for priority in range(3)
)
_SET_DUE = f"update host set due_at = (select min(due) from ({_FIRST_DUE})) where name = new.host;"
"""A host's `due_at` follows its pages, whoever writes them: three look-ups in `page_turn`, no scan."""

_V2 = (
    "alter table page add column host text not null default ''",
    "alter table page add column priority integer not null default 1 check (priority in (0, 1, 2))",
    "alter table page add column failures integer not null default 0",
    "update page set host = host_of(url)",
    "drop index page_due",
    "create index page_turn on page (host, priority, next_due) where status = 'active' and scheduled = 1",
    """create table host (
        name text primary key,
        failures integer not null default 0,
        not_before text not null default '',
        last_error text not null default '',
        failed_at text,
        due_at text,
        opens_at text generated always as (max(due_at, not_before)) virtual
    ) strict, without rowid""",
    "create index host_opens on host (opens_at)",
    """insert into host (name, due_at)
        select host, min(case when status = 'active' and scheduled = 1 then next_due end) from page group by host""",
    f"""create trigger page_comes after insert on page
        begin insert or ignore into host (name) values (new.host); {_SET_DUE} end""",
    f"""create trigger page_turns after update of next_due, status, scheduled, priority on page
        begin {_SET_DUE} end""",
    "pragma user_version = 2",
)


@migrations()
def hosts(db: Database) -> None:
    """Pages know their host and their priority; hosts, how they do and when the first of their pages is due."""
    db.conn.create_function("host_of", 1, host_of)
    _execute(db, _V2)


_V3 = (
    """create table health (
        page integer primary key references page (id),
        well_at text,
        stale_at text,
        bad_checks integer not null default 0,
        bad_since text,
        is_failing integer not null default 0 check (is_failing in (0, 1)),
        is_stale integer not null default 0 check (is_stale in (0, 1)),
        late_s integer
    ) strict""",
    "create index health_stale on health (stale_at) where stale_at is not null and is_stale = 0",
    """create table health_notice (
        id integer primary key,
        page integer not null references page (id),
        kind text not null check (kind in ('failing', 'stale', 'recovered')),
        at text not null,
        host text not null,
        bad_checks integer not null,
        since text,
        reason text not null
    ) strict""",
    "create index health_notice_host on health_notice (host)",
    """create table outbox_2 (
        id integer primary key,
        channel text not null,
        change integer references change (id),
        health integer references health_notice (id),
        not_before text not null,
        delivery integer references delivery (id),
        check ((change is null) <> (health is null))
    ) strict""",
    """insert into outbox_2 (id, channel, change, not_before, delivery)
        select id, channel, change, not_before, delivery from outbox""",
    "drop table outbox",
    "alter table outbox_2 rename to outbox",
    "create unique index outbox_change on outbox (change, channel) where change is not null",
    "create unique index outbox_health on outbox (health, channel) where health is not null",
    "create index outbox_waiting on outbox (channel, not_before) where delivery is null",
    "create index outbox_delivery on outbox (delivery)",
    "pragma user_version = 3",
)


@migrations()
def health_of_pages(db: Database) -> None:
    """Whether each page is checked well, what was told of that, and an outbox for both changes and health notices."""
    _execute(db, _V3)


@migrations()
def seen_marks(db: Database) -> None:
    """Which changes a reader has marked as seen."""
    db.conn.execute(
        """create table seen_mark (
            change integer primary key references change (id),
            at text not null
        ) strict"""
    )
    db.conn.execute("pragma user_version = 4")


@migrations()
def search_index(db: Database) -> None:
    """The words of all versions: a table that was, until `words_of_pages` took its place. It is not filled any more."""
    db.conn.execute("create virtual table version_words using fts5 (words, content = '', columnsize = 0)")
    db.conn.execute("pragma user_version = 5")


_V6 = (
    "alter table page_check add column checks integer not null default 1",
    "alter table page_check add column last_at text",
    "alter table page_check add column stands_in integer not null default 0 check (stands_in in (0, 1))",
    """create table pruning (
        id integer primary key,
        at text not null,
        retention text not null,
        captures integer not null default 0,
        bodies integer not null default 0,
        checks integer not null default 0,
        bytes integer not null default 0
    ) strict""",
    "pragma user_version = 6",
)


@migrations()
def retention(db: Database) -> None:
    """A row of checks may stand for several, and what was pruned is on record."""
    _execute(db, _V6)


_SEARCHED = """select page.id, url, name, labels, text from page left join version on version.page = page.id
    order by page.id, number"""


@migrations()
def words_of_pages(db: Database) -> None:
    """What is searched, in one row for a page instead of one for each version; 100,000 pages take a minute."""
    db.conn.execute("drop table version_words")
    db.conn.execute(TABLE)
    index = Indexing(db.conn, Path())
    for page, rows in groupby(db.conn.execute(_SEARCHED), key=itemgetter("id")):
        lines = dict[str, None]()
        for row in rows:
            lines |= dict.fromkeys(about_page(row["url"], row["name"], json.loads(row["labels"])))
            lines |= dict.fromkeys(lines_of(text_from_json(row["text"])) if row["text"] else ())
        index.index(page, lines)
    index.write_index()
    db.conn.execute("pragma user_version = 7")


_V8 = (
    "pragma legacy_alter_table = on",
    "alter table version rename to old_version",
    "pragma legacy_alter_table = off",
    """create table version (
        id integer primary key,
        page integer not null references page (id),
        number integer not null,
        rules_id text not null,
        fingerprint blob not null,
        base integer references version (id),
        text blob not null,
        title text,
        editor text,
        letters integer not null,
        capture integer not null references capture (id),
        profile text not null,
        charset text not null,
        unique (page, rules_id, fingerprint),
        unique (page, number)
    ) strict""",
)
"""Renamed in the old way, in which those who refer to `version` go on to do so."""
_COPY_VERSION = """insert into version select id, page, number, rules_id, fingerprint, ?, ?, ?, ?, ?, capture, profile,
    charset from old_version where id = ?"""


@migrations()
def packed_texts(db: Database) -> None:
    """Texts of versions packed, with what lists show of them beside; 100,000 take half a minute."""
    _execute(db, _V8)
    last_version = db.conn.cursor()
    last_version.row_factory = sqlite3.Row
    for version, page, text in db.conn.execute("select id, page, text from old_version order by id"):
        packed = packed_after(text.encode(), last_version.execute(LAST_VERSION, (page,)).fetchone())
        listed = listed_columns(text_from_json(text)).values()
        db.conn.execute(_COPY_VERSION, (*packed, *listed, version))
    db.conn.execute("drop table old_version")
    _execute(db, [statement for statement in _V1 if statement.startswith("create trigger version_")])
    db.conn.execute("pragma user_version = 8")


_V9 = (
    "pragma legacy_alter_table = on",
    "alter table body rename to old_body",
    "alter table capture rename to old_capture",
    "pragma legacy_alter_table = off",
    "drop index capture_page",
    """create table body (
        id integer primary key,
        sha256 blob not null unique,
        bytes integer not null,
        base integer references body (id),
        packed blob not null
    ) strict""",
    "insert into body (sha256, bytes, packed) select digest(sha256), bytes, packed from old_body",
    """update body set base = (select base.id from old_body join body as base on base.sha256 = digest(old_body.base)
        where old_body.sha256 = lower(hex(body.sha256)))""",
    """create table capture (
        id integer primary key,
        page integer not null references page (id),
        body integer not null references body (id),
        base integer references capture (id),
        headers blob not null,
        url text,
        final_url text,
        status integer not null,
        media text not null,
        origin text not null,
        redirects text,
        ip text not null,
        tls text not null,
        wire_bytes integer not null,
        wire_sha256 blob,
        defect text not null,
        took_us integer not null,
        received_at text not null
    ) strict""",
)
_COPY_CAPTURE = """insert into capture select old.id, old.page, body.id, ?, ?, nullif(old.url, page.url),
    nullif(final_url, old.url), old.status, media, old.origin, nullif(redirects, '[]'), ip, tls, wire_bytes,
    nullif(digest(wire_sha256), body.sha256), defect, took_us(requested_at, received_at), received_at
    from old_capture as old join page on page.id = old.page join body on body.sha256 = digest(old.body)
    where old.id = ?"""
_FRAME = """select frame.id, frame.headers from version join capture as first on first.id = version.capture
    join capture as frame on frame.id = coalesce(first.base, first.id)
    where version.page = ? and version.capture < ? order by version.number desc limit 1"""


@migrations()
def small_captures(db: Database) -> None:
    """Bodies by number, captures without what repeats in them; 1,000,000 captures take some minutes."""
    db.conn.create_function("digest", 1, lambda text: None if text is None else bytes.fromhex(text))
    db.conn.create_function("took_us", 2, lambda start, end: (from_text(end) - from_text(start)) // MICROSECOND)
    _execute(db, _V9)
    for capture, page, headers in db.conn.execute("select id, page, headers from old_capture order by id"):
        frame = db.conn.execute(_FRAME, (page, capture)).fetchone() or (None, None)
        db.conn.execute(_COPY_CAPTURE, (*packed_headers(headers.encode(), *frame), capture))
    for table in ("old_capture", "old_body"):
        db.conn.execute(f"drop table {table}")
    db.conn.execute("pragma user_version = 9")


@migrations()
def counts(db: Database) -> None:
    """How many pages and changes there are, kept by triggers, and indexes of the pages in trouble and of those late."""
    _execute(db, COUNTING)
    db.conn.execute("pragma user_version = 10")


_V11 = (
    "alter table page add column changed_at text",
    "update page set changed_at = (select max(seen_at) from change where change.page = page.id)",
    """create trigger page_changes after insert on change begin
        update page set changed_at = new.seen_at
            where id = new.page and (changed_at is null or changed_at < new.seen_at); end""",
    "create index page_listed on page (status = 'retired', changed_at desc)",
    "create index page_host on page (host)",
    "create index page_labels on page (labels)",
    "pragma user_version = 11",
)


@migrations()
def lists_of_pages(db: Database) -> None:
    """When a page changed last, and indexes by that, by host and by labels."""
    _execute(db, _V11)


@migrations()
def stencils(db: Database) -> None:
    """What was learned of the noise of a page: holes in its head's capture, as JSON."""
    db.conn.execute("""create table stencil (
        page integer primary key references page (id),
        version integer not null references version (id),
        body_bytes integer not null,
        holes text not null,
        digest blob not null,
        read_at text not null,
        times integer not null
    ) strict""")
    db.conn.execute("pragma user_version = 12")


@migrations()
def frames(db: Database) -> None:
    """The first capture of a host, which the first ones of its other pages are packed against."""
    db.conn.execute("alter table host add column frame integer references body (id)")
    db.conn.execute("pragma user_version = 13")


_V14 = (
    "drop table stencil",
    """create table stencil (
        page integer primary key references page (id),
        version integer not null references version (id),
        holes text not null,
        digest blob not null,
        removed text not null,
        read_at text not null,
        times integer not null
    ) strict""",
    "pragma user_version = 14",
)


@migrations()
def stencils_by_gaps(db: Database) -> None:
    """Holes by the gaps between them, as JSON; what was learned before is forgotten, and learned again."""
    _execute(db, _V14)


_HEADER_FRAME = """update host set header_frame = (select coalesce(first.base, first.id)
    from version join capture as first on first.id = version.capture where version.id =
        (select min(version.id) from page join version on version.page = page.id where page.host = host.name))"""


@migrations()
def header_frames(db: Database) -> None:
    """The capture of a host against whose headers those of all its captures are packed from now on."""
    db.conn.execute("alter table host add column header_frame integer references capture (id)")
    db.conn.execute(_HEADER_FRAME)
    db.conn.execute("pragma user_version = 15")


_V16 = (
    "alter table capture add column etag text",
    "alter table capture add column last_modified text",
    """update capture set (etag, last_modified) = (
            select validator('etag', capture.headers, frame.headers),
                validator('last-modified', capture.headers, frame.headers)
            from (select 1) left join capture as frame on frame.id = capture.base)
        where id in (select head_capture from page)""",
    "pragma user_version = 16",
)


@migrations()
def validators(db: Database) -> None:
    """The validators of captures beside their packed headers: filled for heads, of which alone they are asked."""
    db.conn.create_function("validator", 3, _validator)
    _execute(db, _V16)


def _validator(name: str, headers: bytes, base_headers: bytes | None) -> str | None:
    fields = headers_from_columns({"headers": headers, "base_headers": base_headers})
    return {field.lower(): value for field, value in fields}.get(name)
