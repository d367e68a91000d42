"""A backup is one moment of the database, whole and checked, or there is none."""

import errno
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from fakes.checks import DAY, T0, A, B, see, watched
from fakes.writer import ROOT, incomplete, writing

from core.errors import StorageError
from storage import backup
from storage.backup import back_up
from storage.read import open_reader


@pytest.fixture
def kept(file: Path) -> Path:
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
        see(tx, page, B, T0 + DAY)
    return file


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "safe").mkdir()
    return tmp_path / "safe" / "copy.db"


def test_a_backup_is_a_database_like_the_first_in_one_file(kept: Path, target: Path) -> None:
    kept.chmod(0o640)
    made = back_up(kept, target)
    assert (made.rows["page"], made.rows["page_check"], made.rows["change"]) == (1, 2, 1)
    assert made.bytes == target.stat().st_size
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir(target.parent) == ["copy.db"]
    with open_reader(target) as reader:
        assert [reader.capture(number).body for number in (1, 2)]
        assert len(reader.history(1)) == 2
    with watched(target) as (tx, page):
        see(tx, page, A, T0 + 2 * DAY)


def test_backups_made_while_another_process_writes_are_each_of_one_moment(kept: Path, target: Path) -> None:
    kept.unlink()
    with writing(kept) as writer:
        assert writer.stdout
        try:
            for _ in range(5):
                told = [int(writer.stdout.readline()) for _ in range(10)][-1]
                made = back_up(kept, target, is_overwriting=True)
                assert made.rows["page_check"] >= told
                with closing(sqlite3.connect(target)) as copy:
                    assert copy.execute("pragma integrity_check").fetchall() == [("ok",)]
                    assert incomplete(copy) == []
        finally:
            writer.kill()


BACKUP = """
import sys
from pathlib import Path
from storage.backup import back_up
print("ready", flush=True)
back_up(Path(sys.argv[1]), Path(sys.argv[2]), True)
"""


def test_a_backup_that_is_killed_leaves_the_earlier_one_and_the_next_one_succeeds(kept: Path, target: Path) -> None:
    back_up(kept, target)
    with watched(kept) as (tx, page):
        for number in range(40):
            see(tx, page, A, T0 + (2 + number) * DAY, body=os.urandom(100_000))
    before = target.read_bytes()
    started = time.perf_counter()
    back_up(kept, target.with_name("other.db"))
    takes_s = time.perf_counter() - started
    outcomes = set()
    for part in range(12):
        command = [sys.executable, "-c", BACKUP, str(kept), str(target)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(takes_s * part / 10)
            process.kill()
        outcomes.add(target.read_bytes() == before)
        with open_reader(target) as reader:
            assert reader.pages()
    assert True in outcomes
    back_up(kept, target, is_overwriting=True)
    assert sorted(os.listdir(target.parent)) == ["copy.db", "other.db"]


def test_nothing_is_overwritten_without_being_told(kept: Path, target: Path) -> None:
    target.write_bytes(b"precious")
    with pytest.raises(StorageError, match="is there already and was left as it is"):
        back_up(kept, target)
    assert target.read_bytes() == b"precious"
    back_up(kept, target, is_overwriting=True)
    for impossible in (kept, target.parent, kept.parent / "safe" / ".." / kept.name):
        with pytest.raises(StorageError, match="is no place for a backup"):
            back_up(kept, impossible, is_overwriting=True)


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_database_in_use_is_not_overwritten(kept: Path, target: Path, ending: str) -> None:
    back_up(kept, target)
    target.with_name(target.name + ending).write_bytes(b"not written back yet")
    with pytest.raises(StorageError, match="is in use or was not closed"):
        back_up(kept, target, is_overwriting=True)


def test_what_appears_during_the_backup_is_not_overwritten(
    kept: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(part: Path, rows: dict[str, int]) -> None:
        target.write_bytes(b"precious")

    monkeypatch.setattr(backup, "_verify", verify)
    with pytest.raises(StorageError, match="left as it is"):
        back_up(kept, target)
    assert target.read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("insert into spell select 99, 77, '', 1, '', '', 1, 1", "refer to none"),
        ("pragma writable_schema = on", "row .* missing from index"),
    ],
)
def test_a_copy_that_does_not_hold_together_is_told_and_not_kept(
    kept: Path, target: Path, damage: str, said: str
) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute(damage)
        if "schema" in damage:
            connection.execute("update sqlite_master set sql = sql || ' where id < 0' where name = 'page_name'")
        connection.commit()
    if "schema" in damage:
        with closing(sqlite3.connect(kept)) as connection:
            connection.execute("update page set name = 'x'")
            connection.execute("pragma writable_schema = on")
            sql = "update sqlite_master set sql = replace(sql, ' where id < 0', '') where name = 'page_name'"
            connection.execute(sql)
            connection.commit()
    with pytest.raises(StorageError, match=said):
        back_up(kept, target)
    assert os.listdir(target.parent) == []


def test_two_backups_to_one_file_do_not_mix(kept: Path, target: Path) -> None:
    with backup._part_of(target), pytest.raises(StorageError, match="another backup is writing"):
        back_up(kept, target)
    back_up(kept, target)


def test_a_folder_that_is_not_there_and_a_disk_that_is_full_are_told(
    kept: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StorageError, match="cannot be written: No such file"):
        back_up(kept, target.parent / "absent" / "copy.db")

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backup, "_sync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        back_up(kept, target)
    assert os.listdir(target.parent) == []


def test_a_database_of_older_tables_can_be_kept_before_they_are_brought_up_to_date(kept: Path, target: Path) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("pragma user_version = 1")
    assert back_up(kept, target).rows["page"] == 1


def test_what_is_no_database_of_ours_is_not_backed_up(file: Path, target: Path) -> None:
    with pytest.raises(StorageError, match="there is no database"):
        back_up(file, target)
