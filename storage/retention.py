"""Pruning: what would go by the settings of retention, and letting it go in small transactions, on record."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from config.settings import Retention
from core.retention import CheckFact, Rolling, Thinning, rolled, stood_in, thinned
from storage.columns import to_json
from storage.database import translated
from storage.read import Reader, open_reader
from storage.times import from_text, from_text_or_none, to_text
from storage.write import Store, open_store

_MOST = 1000
"""So many rows go in one transaction: others wait for it, about 0.1 s where the page has 9,000 checks."""
_CAPTURE_BYTES = """48 + length(headers) + coalesce(length(url), 0) + coalesce(length(final_url), 0)
    + coalesce(length(redirects), 0) + length(ip) + coalesce(length(wire_sha256), 0) + length(defect)
    + length(received_at) + coalesce(length(etag), 0) + coalesce(length(last_modified), 0)"""
_CHECK_BYTES = "64 + 2 * length(at) + length(quality) + length(rules_id) + length(reason) + length(removed)"
# A body is needed by its captures, by those that are kept as differences from it, and as the frame of a host.
_NEEDED = """with recursive needed as (select frame as body from host where frame is not null
        union select body from capture where {}
        union select base from needed join body on body.id = needed.body where base is not null)"""
_LOOSE = f"""{_NEEDED.format("id not in (select id from temp.gone)")}
    select id, length(packed) + 100 as bytes from body where id not in (select body from needed)
    order by base is null, id in (select base from body)"""


class Pruned(Struct, frozen=True):
    """What went, or would: captures by reason, bodies that no other capture needs, checks; bytes are about right."""

    noise: int = 0
    bad: int = 0
    capture_bytes: int = 0
    bodies: int = 0
    body_bytes: int = 0
    checks: int = 0
    check_bytes: int = 0

    def __add__(self, other: "Pruned") -> "Pruned":
        mine, others = asdict(self), asdict(other)
        return Pruned(**{name: mine[name] + others[name] for name in mine})


class _Plan(Struct, frozen=True):
    thinnings: Sequence[Thinning]
    rollings: Sequence[Rolling]


class _Facts(Reader):
    """A reader that also knows what retention asks about a page."""

    def page_ids(self) -> list[int]:
        return [row["id"] for row in self._rows("select id from page order by id")]

    def facts(self, page: int) -> list[CheckFact]:
        """Return all checks of a page, in the order of their time."""
        return self._read(
            _fact,
            """with border as (select first_seen_at as at from spell where page = ?1
                    union select last_seen_at from spell where page = ?1),
                told as (select page_check as id from change where page = ?1
                    union select last_check from replay where page = ?1),
                needed as (select head_capture as id from page where id = ?1
                    union select capture from version where page = ?1
                    union select first_capture from spell where page = ?1
                    union select last_capture from spell where page = ?1)
            select *, at in border or last_at in border or id in told as is_border, capture in needed as is_needed
            from page_check where page = ?1 order by at, id""",
            page,
        )

    def weigh(self, thinnings: Sequence[Thinning], rollings: Sequence[Rolling]) -> Pruned:
        """Return how much it is."""
        rows = [row for rolling in rollings for row in rolling.gone]
        return Pruned(
            noise=sum(not one.is_bad for one in thinnings),
            bad=sum(one.is_bad for one in thinnings),
            capture_bytes=self._bytes("capture", _CAPTURE_BYTES, [one.capture for one in thinnings]),
            checks=len(rows),
            check_bytes=self._bytes("page_check", _CHECK_BYTES, rows),
        )

    def loose_bodies(self, gone: Sequence[int]) -> dict[int, int]:
        """Return the bytes of the bodies that nothing needs once these captures are gone; keyframes come last."""
        with translated(self._path):
            self._connection.execute("create temp table if not exists gone (id integer primary key)")
            self._connection.execute("delete from temp.gone")
            self._connection.executemany("insert into temp.gone values (?)", [(one,) for one in gone])
        return {row["id"]: row["bytes"] for row in self._rows(_LOOSE)}

    def _bytes(self, table: str, size: str, ids: Sequence[int]) -> int:
        chosen = to_json(list(ids))
        sql = f"select coalesce(sum({size}), 0) from {table} where id in (select value from json_each(?))"
        return int(self._rows(sql, chosen)[0][0])


def would_prune(database: Path, retention: Retention, now: datetime) -> Pruned:
    """Return what would go, without writing; nothing waits for it. Raises StorageError."""
    found, gone = Pruned(), list[int]()
    with open_reader(database) as reader:
        facts = _Facts(reader._connection, database)
        with translated(database):
            facts._connection.execute("begin")
        for page in facts.page_ids():
            plan = _planned(facts.facts(page), retention, now)
            found += facts.weigh(plan.thinnings, plan.rollings)
            gone += [one.capture for one in plan.thinnings]
        bodies = facts.loose_bodies(gone)
    return replace(found, bodies=len(bodies), body_bytes=sum(bodies.values()))


def prune(database: Path, retention: Retention, now: datetime, is_over: Callable[[], bool] = lambda: False) -> Pruned:
    """Let go what may go, page by page, until that is done or `is_over`. Raises StorageError; what went is on record.

    Cut off at any point, the next run goes on: every transaction leaves history, changes and replay as they were.
    """
    with _open_pruner(database, retention, now) as pruner:
        for page in pruner.facts.page_ids():
            while not is_over() and pruner.prune_page(page, now):
                pass
        if not is_over():
            pruner.drop_loose_bodies(is_over)
        return pruner.pruned


def last_pruned_at(store: Store) -> datetime | None:
    """Return when the last run began."""
    (row,) = store.reading()._rows("select max(at) as at from pruning")
    return from_text_or_none(row["at"])


class _Pruner:
    """One run: its connection, its record, and what went so far."""

    def __init__(self, store: Store, retention: Retention, record: int) -> None:
        self._store, self._retention, self._record = store, retention, record
        reading = store.reading()
        self.facts = _Facts(reading._connection, reading._path)
        self.pruned = Pruned()

    def prune_page(self, page: int, now: datetime) -> bool:
        """Let at most `_MOST` rows of a page go; tell whether there were any."""
        # Looked at first without the lock: most pages have nothing to prune on most days.
        if _is_empty(_planned(self.facts.facts(page), self._retention, now)):
            return False
        with self._store.transaction() as tx:
            facts = self.facts.facts(page)
            plan = _planned(facts, self._retention, now)
            plan = _Plan(plan.thinnings[:_MOST], () if len(plan.thinnings) > _MOST else plan.rollings[:_MOST])
            went = self.facts.weigh(plan.thinnings, plan.rollings)
            stand_ins = {one.capture: one.stand_in for one in plan.thinnings}
            self._many(
                "update page_check set capture = ?, stands_in = (outcome = 'capture') where id = ?",
                [(stand_ins[one.capture], one.id) for one in facts if one.capture in stand_ins],
            )
            self._many("delete from capture where id = ?", [(one.capture,) for one in plan.thinnings])
            self._many(
                "update page_check set last_at = ?, checks = ? where id = ?",
                [(to_text(one.last_at), one.checks, one.id) for one in plan.rollings],
            )
            self._many("delete from page_check where id = ?", [(row,) for one in plan.rollings for row in one.gone])
            self._note(tx, went)
        return not _is_empty(plan)

    def drop_loose_bodies(self, is_over: Callable[[], bool]) -> None:
        """Let the bodies go that no capture needs any more, unless one came meanwhile that does."""
        (row,) = self.facts._rows("select coalesce(max(id), 0) from capture")
        loose = list(self.facts.loose_bodies(()).items())
        for start in range(0, len(loose), _MOST):
            if is_over():
                return
            some = dict(loose[start : start + _MOST])
            with self._store.transaction() as tx:
                since = f"{_NEEDED.format('id > ?')} select body from needed"
                again = {found["body"] for found in self.facts._rows(since, row[0])}
                gone = {body: size for body, size in some.items() if body not in again}
                self._many("delete from body where id = ?", [(body,) for body in gone])
                self._note(tx, Pruned(bodies=len(gone), body_bytes=sum(gone.values())))

    def _many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        with translated(self._store.path):
            self.facts._connection.executemany(sql, rows)

    def _note(self, tx: Reader, went: Pruned) -> None:
        """Add to the record, in the transaction in which it goes."""
        tx._rows(
            "update pruning set captures = captures + ?, bodies = bodies + ?, checks = checks + ?, bytes = bytes + ?"
            " where id = ?",
            went.noise + went.bad,
            went.bodies,
            went.checks,
            went.capture_bytes + went.body_bytes + went.check_bytes,
            self._record,
        )
        self.pruned += went


def _fact(row: Any) -> CheckFact:
    return CheckFact(
        id=row["id"],
        at=from_text(row["at"]),
        last_at=from_text(row["last_at"] or row["at"]),
        checks=row["checks"],
        outcome=row["outcome"],
        quality=row["quality"],
        content=row["content"],
        rules_id=row["rules_id"],
        version=row["version"],
        removed=row["removed"],
        capture=row["capture"],
        is_border=bool(row["is_border"]),
        is_needed=bool(row["is_needed"]),
    )


def _planned(facts: Sequence[CheckFact], retention: Retention, now: datetime) -> _Plan:
    thinnings, rollings = list[Thinning](), list[Rolling]()
    if retention.captures_after_s is not None:
        before = now - timedelta(seconds=retention.captures_after_s)
        thinnings = thinned(facts, before, timedelta(seconds=retention.capture_every_s))
    if retention.checks_after_s is not None:
        before = now - timedelta(seconds=retention.checks_after_s)
        rollings = rolled(stood_in(facts, thinnings), before)
    return _Plan(thinnings, rollings)


def _is_empty(plan: _Plan) -> bool:
    return not plan.thinnings and not plan.rollings


@contextmanager
def _open_pruner(database: Path, retention: Retention, now: datetime) -> Iterator[_Pruner]:
    with open_store(database) as store:
        with store.transaction() as tx:
            record = tx._insert("pruning", {"at": to_text(now), "retention": to_json(asdict(retention))})
        # For each row that goes, SQLite would read all tables that might refer to it, for want of indexes that nothing
        # else needs. What may go is what nothing refers to; the tests check every reference afterwards.
        store.reading()._connection.execute("pragma foreign_keys = off")
        yield _Pruner(store, retention, record)
