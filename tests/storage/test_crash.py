"""A process that is killed loses nothing it said was kept, and leaves nothing by halves."""

import os
import random
import sqlite3
from pathlib import Path

from fakes.checks import T0, A, see, watched
from fakes.writer import incomplete, writing

from storage.read import open_reader


def test_what_was_told_as_kept_is_there_after_kill_9(file: Path) -> None:
    chance = random.Random(7)
    told: set[int] = set()
    for _ in range(5):
        told |= _killed_after(file, chance.randint(1, 40))
        connection = sqlite3.connect(file)
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert told <= {number for (number,) in connection.execute("select id from page_check")}
        assert incomplete(connection) == []
        connection.close()
    with open_reader(file) as reader:
        checks = reader.checks(1)
        for check in checks:
            assert check.capture is None or reader.capture(check.capture).body
    assert len(checks) >= len(told) >= 5


def _killed_after(file: Path, checks: int) -> set[int]:
    """Let another process write, kill it some moment after so many checks, return those it told as kept."""
    with writing(file) as process:
        assert process.stdout
        told = [process.stdout.readline() for _ in range(checks)]
        process.kill()
        told += process.stdout.readlines()
    return {int(line) for line in told if line.endswith("\n")}


def test_a_store_that_was_closed_is_one_file(file: Path) -> None:
    with watched(file) as (tx, page):
        see(tx, page, A, T0)
    assert os.listdir(file.parent) == [file.name]
    with open_reader(file) as reader:
        assert reader.history(page)
