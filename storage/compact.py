"""Packing the bodies of captures tighter, each checked bit for bit before and after, and giving free room back."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from storage.database import translated
from storage.pack import pack, unpack, unpack_chain
from storage.write import Store, Transaction, open_store

_MOST = 100
"""So many bodies are packed in one transaction: others wait for it, about 0.4 s."""
_LEVEL = 15
"""A 40 KB page against another of its host takes 2,366 bytes and 3.5 ms; at level 3 2,756, at 19 2,340 and 4.5 ms."""
_WORTH = 2

_Keyframe = tuple[int, int]
"""A body, and a capture of it."""


class Compacted(Struct, frozen=True):
    """How many bodies were checked before and after, how many were packed anew, and the bytes of the file."""

    bodies: int
    packed: int
    bytes_before: int
    bytes_after: int


def compact(database: Path) -> Compacted:
    """Pack keyframes against the frame of their host or one of another page; then give free room back.

    Every step is a transaction of its own that leaves every body as it was: cut off, the next run goes on. Raises
    StorageError where a body is damaged, before anything is written, or where another writes meanwhile for long.
    """
    before = database.stat().st_size
    with open_store(database) as store:
        _check_all(store)
        packed = sum(_pack_host(store, keyframes) for keyframes in _keyframes_by_host(store))
        bodies = _check_all(store)
        with translated(database):
            connection = store.reading()._connection
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
    return Compacted(bodies, packed, before, database.stat().st_size)


def _check_all(store: Store) -> int:
    """Read every body and check its hash; return how many there are."""
    reader, last, bodies = store.reading(), 0, 0
    while rows := reader._rows("select id from body where id > ? order by id limit ?", last, _MOST):
        for row in rows:
            unpack_chain(reader._chain(row["id"]))
        bodies, last = bodies + len(rows), rows[-1]["id"]
    return bodies


def _keyframes_by_host(store: Store) -> list[list[_Keyframe]]:
    """Return the keyframes of each host, in the order of their pages."""
    rows = store.reading()._rows(
        """select page.host, body.id as body, capture.id as capture
        from body join capture on capture.body = body.id join page on page.id = capture.page
        join host on host.name = page.host
        where body.base is null group by body.id order by body.id is host.frame desc, min(page.id), capture.id"""
    )
    by_host = groupby(sorted(rows, key=lambda row: str(row["host"])), key=lambda row: row["host"])
    return [[(row["body"], row["capture"]) for row in of_host] for _, of_host in by_host]


def _pack_host(store: Store, keyframes: list[_Keyframe]) -> int:
    """Pack the keyframes of one host against its first; return how many that made smaller."""
    first, *rest = keyframes
    others = [body for body, _ in rest]
    return sum(_pack_some(store, first, others[start : start + _MOST]) for start in range(0, len(others), _MOST))


def _pack_some(store: Store, frame: _Keyframe, keyframes: list[int]) -> int:
    with store.transaction() as tx:
        first, capture = frame
        # Pruning lets bodies go that no capture needed when it looked, so only what has one may become a base.
        chain = tx._chain(first) if tx._rows("select 1 from capture where id = ? and body = ?", capture, first) else []
        # Where another run has packed the first one meanwhile, packing against it could go round in a circle.
        smaller = list(_smaller(tx, unpack_chain(chain), keyframes)) if len(chain) == 1 else []
        with translated(store.path):
            tx._connection.executemany(
                "update body set base = ?, packed = ? where id = ?",
                [(first, packed, body) for body, packed in smaller],
            )
        return len(smaller)


def _smaller(tx: Transaction, frame: bytes, keyframes: list[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the keyframes that take at most half so, packed; each is read back before it counts."""
    for body in keyframes:
        chain = tx._chain(body)
        if len(chain) == 1:
            packed = pack(unpack_chain(chain), frame, _LEVEL)
            if len(packed) * _WORTH <= len(chain[0].packed):
                unpack(packed, chain[0].sha256, frame)
                yield body, packed
