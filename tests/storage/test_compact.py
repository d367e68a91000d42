"""Compacting makes the file smaller and leaves every capture as it was, killed at any point too."""

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, B, see
from fakes.writer import ROOT

from config.settings import Retention
from core.errors import StorageError
from storage import compact as compacting
from storage import retention
from storage.compact import compact
from storage.read import open_reader
from storage.rows import PageDraft
from storage.write import Transaction, open_store

FRAMES = {site: random.Random(site).randbytes(20_000).hex() for site in "ab"}


def body(page: int, capture: int) -> bytes:
    """A page of one of two sites: the frame of the site, an article of the page's own, and noise."""
    article = random.Random(page).randbytes(2_000).hex()
    return f"{FRAMES['ab'[page % 2]]}<p>{article}</p>{capture}".encode()


def fill(file: Path, pages: int = 8, captures: int = 4) -> None:
    """Fill a database as it was written before hosts had frames: keyframes of many pages are packed alone."""
    with open_store(file) as store, store.transaction() as tx:
        for number in range(pages):
            page = tx.put_page(PageDraft(f"https://www.{'ab'[number % 2]}.cn/{number}"), T0)
            for capture in range(captures):
                see(tx, page, A if capture < 2 else B, T0 + capture * DAY, body=body(number, capture))
            tx._connection.execute("update host set frame = null")


def bodies(file: Path) -> list[bytes]:
    with open_reader(file) as reader:
        return [reader.capture(row["id"]).body for row in reader._rows("select id from capture order by id")]


def depths(tx: Transaction) -> set[int]:
    return {len(tx._chain(row["id"])) for row in tx._rows("select id from body")}


def test_the_file_is_smaller_and_every_body_is_as_it_was(file: Path) -> None:
    fill(file)
    before = bodies(file)
    done = compact(file)
    assert (done.bodies, done.packed) == (32, 6)
    assert done.bytes_after < done.bytes_before - 100_000
    assert bodies(file) == before
    again = compact(file)
    assert (again.packed, again.bytes_after) == (0, done.bytes_after)


def test_captures_that_come_after_are_small_and_no_chain_gets_long(file: Path) -> None:
    fill(file, captures=1)
    compact(file)
    with open_store(file) as store, store.transaction() as tx:
        for number in range(8):
            for capture in range(1, 12):
                see(tx, number + 1, A, T0 + capture * DAY, body=body(number, capture))
        sizes = [row[0] for row in tx._rows("select length(packed) from body where base is not null")]
        assert sum(size < 150 for size in sizes) == 88
        assert depths(tx) == {1, 2, 3}
    before = bodies(file)
    compact(file)
    assert bodies(file) == before
    with open_store(file) as store:
        assert depths(store.reading()) == {1, 2, 3}


def test_after_an_edit_noise_costs_no_more_than_before(file: Path) -> None:
    edited = body(1, 0) + random.Random(9).randbytes(1_500).hex().encode()
    with open_store(file) as store, store.transaction() as tx:
        page = tx.put_page(PageDraft("https://www.a.cn/"), T0)
        see(tx, page, A, T0, body=body(1, 0))
        see(tx, page, B, T0 + DAY, body=edited)
        for capture in range(5):
            see(tx, page, B, T0 + (2 + capture) * DAY, body=edited + b"%d" % capture)
        sizes = [row[0] for row in tx._rows("select length(packed) from body order by length(packed) desc")]
        assert depths(tx) == {1, 2, 3}
    assert sizes[1] > 1_000
    assert max(sizes[2:]) < 100


def test_a_damaged_body_is_told_before_anything_is_written(file: Path) -> None:
    fill(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "update body set packed = substr(packed, 1, 10) where sha256 = (select max(sha256) from body)"
        )
        connection.commit()
    before = file.read_bytes()
    with pytest.raises(StorageError, match="is damaged"):
        compact(file)
    assert file.read_bytes() == before


def test_what_two_runs_do_at_once_never_goes_round_in_circles(file: Path) -> None:
    fill(file)
    with open_store(file) as store:
        one, *_ = compacting._keyframes_by_host(store)
        assert compacting._pack_host(store, one) == 3
        assert compacting._pack_host(store, [one[1], one[0]]) == 0
        assert compacting._pack_host(store, one) == 0
    assert len(bodies(file)) == 32


def test_what_pruning_is_about_to_let_go_becomes_no_base(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(file, captures=1)
    with open_store(file) as store:
        one, *_ = compacting._keyframes_by_host(store)
        store.reading()._connection.execute("pragma foreign_keys = off")
        with store.transaction() as tx:
            tx._connection.execute("delete from capture where id = 1")
        before = bodies(file)
        look = retention._Facts.loose_bodies

        def pack_meanwhile(facts: retention._Facts, gone: Sequence[int]) -> dict[str, int]:
            found = look(facts, gone)
            assert list(found) == [1]
            assert compacting._pack_host(store, sorted(one, key=lambda keyframe: keyframe[0] not in found)) == 0
            return found

        monkeypatch.setattr(retention._Facts, "loose_bodies", pack_meanwhile)
        assert retention.prune(file, Retention(), T0).bodies == 1
    assert bodies(file) == before


COMPACT = """
import sys
from pathlib import Path
from storage import compact
compact._MOST = 2
print("ready", flush=True)
compact.compact(Path(sys.argv[1]))
"""


def test_compacting_that_is_killed_at_any_point_loses_nothing_and_goes_on(file: Path) -> None:
    fill(file, pages=30)
    before = bodies(file)
    other = file.with_name("other.db")
    other.write_bytes(file.read_bytes())
    started = time.perf_counter()
    compact(other)
    takes_s = time.perf_counter() - started
    for part in range(8):
        command = [sys.executable, "-c", COMPACT, str(file)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(takes_s * part / 7)
            process.kill()
        assert bodies(file) == before
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert connection.execute("pragma foreign_key_check").fetchall() == []
    compact(file)
    assert bodies(file) == before
    assert file.stat().st_size <= other.stat().st_size * 1.05


def test_a_writer_in_the_way_is_told_and_nothing_is_lost(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(file)
    before = bodies(file)
    monkeypatch.setattr("storage.database.BUSY_S", 0.05)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StorageError, match="another govwatch is writing"):
            compact(file)
        other.execute("rollback")
    assert bodies(file) == before
