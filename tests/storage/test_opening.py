"""A file that cannot be used is told in words that help, and left byte for byte as it was."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import pytest
from fakes.checks import DAY, T0, URL, A, B, read, see, watched, write

from core.errors import StorageError
from storage import database
from storage.read import open_reader
from storage.rows import PageDraft
from storage.write import open_store

DAMAGED = [
    b"notes, not a database\n",
    b"x" * 511,
    b"x" * 10_000,
    b"SQLite format 3\x00",
    b"SQLite format 3\x00" + b"\xff" * 4096,
]
Open = Callable[[Path], object]


both_ways = pytest.mark.parametrize("open_it", [write, read])


@pytest.fixture
def kept(file: Path) -> Path:
    """A database with one check in it, closed."""
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
    return file


@both_ways
@pytest.mark.parametrize("content", DAMAGED)
def test_a_file_that_is_no_database_is_told_and_left_as_it_is(file: Path, content: bytes, open_it: Open) -> None:
    file.write_bytes(content)
    with pytest.raises(StorageError, match=r"govwatch\.db: .*left as it is"):
        open_it(file)
    assert file.read_bytes() == content
    assert os.listdir(file.parent) == [file.name]


@both_ways
@pytest.mark.parametrize("made", ["create table a (b)", "pragma application_id = 7", "pragma user_version = 1"])
def test_the_database_of_another_program_is_told_and_left_as_it_is(file: Path, made: str, open_it: Open) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(made)
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StorageError, match=r"belongs to another program; give another file with --db"):
        open_it(file)
    assert file.read_bytes() == before


@both_ways
def test_the_database_of_a_newer_version_is_told_and_left_as_it_is(kept: Path, open_it: Open) -> None:
    with sqlite3.connect(kept) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()
    before = kept.read_bytes()
    with pytest.raises(StorageError, match=r"written by a newer govwatch \(tables 99, this one knows \d+\); update"):
        open_it(kept)
    assert kept.read_bytes() == before


def test_a_reader_tells_that_the_tables_are_older(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SCHEMA_VERSION", database.SCHEMA_VERSION + 1)
    with pytest.raises(StorageError, match="of an older govwatch; run a command that writes"):
        read(kept)


def test_a_missing_file_is_made_by_a_writer_and_told_by_a_reader(file: Path) -> None:
    with pytest.raises(StorageError, match=r"there is no database .*; crawl a page first"):
        read(file)
    assert not file.exists()
    write(file)
    read(file)


def test_an_empty_file_becomes_a_database_and_has_nothing_to_read_before(file: Path) -> None:
    file.touch()
    with pytest.raises(StorageError, match=r"there is no database .*; crawl a page first"):
        read(file)
    write(file)
    read(file)


@pytest.mark.parametrize(
    ("path", "said"), [("absent/govwatch.db", "the folder .*absent does not exist"), (".", "cannot be opened")]
)
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(StorageError, match=said):
        write(tmp_path / path)
    with pytest.raises(StorageError, match="there is no database"):
        read(tmp_path / path)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("offset", ["first", "middle"])
def test_a_damaged_page_is_told_and_the_file_never_made_anew(file: Path, offset: str) -> None:
    with watched(file) as (tx, page):
        for day in range(100):
            see(tx, page, (A, B)[day % 2], T0 + day * DAY, body=os.urandom(2000))
    size = file.stat().st_size
    start = 4096 if offset == "first" else size // 4096 // 2 * 4096
    with file.open("r+b") as damaged:
        damaged.seek(start)
        damaged.write(b"\xa5" * (size - start))
    before = file.read_bytes()

    def read_all() -> None:
        with open_reader(file) as reader:
            (known,) = reader.pages()
            for check in reader.checks(known.id):
                reader.capture(check.capture or 0)

    def write_more() -> None:
        with watched(file) as (tx, page):
            for day in range(100):
                see(tx, page, A, T0 + day * DAY)

    for use in (read_all, write_more):
        with pytest.raises(StorageError, match="the file is damaged and was left as it is: restore a backup"):
            use()
    assert file.read_bytes() == before


def test_a_lock_of_another_process_is_waited_for_and_then_told(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.1)
    script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('begin immediate'); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(kept)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(StorageError, match="another govwatch is writing to it; try again"):
            write(kept)
        read(kept)
        other.stdin.write(b"\n")
    write(kept)


def test_many_processes_may_make_the_database_at_the_same_time(file: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from storage.write import open_store; print(flush=True); input()\n"
        "with open_store(Path(sys.argv[1])) as store, store.transaction(): pass"
    )
    command = [sys.executable, "-c", script, str(file)]
    root = Path(database.__file__).parents[1]
    several = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root)
        for _ in range(4)
    ]
    for process in several:
        assert process.stdout
        process.stdout.readline()
    for process in several:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in several] == [b""] * 4
    read(file)


def lock_before_wal(file: Path) -> sqlite3.Connection:
    """Be another process that has just begun to make the tables."""
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute(f"pragma application_id = {database.APPLICATION_ID}")
    other.execute("begin immediate")
    return other


def test_the_switch_to_wal_waits_for_another_process(file: Path) -> None:
    other = lock_before_wal(file)
    release = Timer(0.1, other.close)
    release.start()
    write(file)
    release.join()


def test_waiting_for_the_switch_to_wal_ends(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    other = lock_before_wal(file)
    with pytest.raises(StorageError, match="another govwatch is writing to it"):
        write(file)
    other.close()
    write(file)


def test_a_full_disk_is_told_and_nothing_kept_before_is_lost(file: Path) -> None:
    with open_store(file) as store:
        with store.transaction() as tx:
            page = tx.put_page(PageDraft(URL), T0)
            see(tx, page, A, T0)
            (pages,) = tx._rows("pragma page_count")[0]
            tx._rows(f"pragma max_page_count = {pages}")
        with pytest.raises(StorageError, match="the disk is full; nothing was lost"), store.transaction() as tx:
            see(tx, page, B, T0 + DAY, body=os.urandom(100_000))
        with store.transaction() as tx:
            assert len(tx.checks(page)) == 1
            assert tx.capture(tx.before_check(page).head_capture or 0).body
            tx._rows("pragma max_page_count = 1000000")
            see(tx, page, B, T0 + DAY, body=os.urandom(100_000))
    with open_reader(file) as reader:
        assert [change.from_number for change in reader.changes()] == [1]


def test_another_writer_is_waited_for_and_that_is_told_once(kept: Path) -> None:
    other = sqlite3.connect(kept, isolation_level=None)
    other.execute("begin immediate")
    told: list[str] = []

    def on_wait(said: str) -> None:
        told.append(said)
        other.execute("rollback")

    with open_store(kept, 0.01, on_wait) as store, store.transaction() as tx:
        assert tx.pages()
        with pytest.raises(StorageError, match="within a transaction"), store.transaction():
            pass
    other.close()
    assert told == [f"another govwatch is writing to {kept}; waiting for it"]


def test_a_writer_that_never_ends_is_told_after_the_wait(kept: Path) -> None:
    other = sqlite3.connect(kept, isolation_level=None)
    other.execute("begin immediate")
    never = pytest.raises(StorageError, match="another govwatch is writing to it; try again")
    with open_store(kept, 0.01, lambda said: None) as store, never, store.transaction():
        pass
    other.close()
