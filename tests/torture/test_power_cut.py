"""No power cut damages the database or takes away a commit that was acknowledged.

The calls are those of a real process; the states are what a disk may hold of them.
"""

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from fakes.disk import Call, environment, needs_compiler, recorded
from fakes.powercut import FATES, Disk, write_out
from fakes.torture import WHOLE, tell

ROOT = Path(__file__).parents[2]
STATES = 3_000 if WHOLE else 100
WRITER = """
import random, sys
from datetime import timedelta
from pathlib import Path
from fakes.checks import T0, URL, A, B, C, see
from storage.rows import PageDraft
from storage.write import open_store

chance = random.Random(1)
at = T0
for commits in (70, 10):
    with open_store(Path(sys.argv[1])) as store:
        if sys.argv[2] == "NORMAL":
            store._connection.execute("pragma synchronous = normal")
        for number in range(commits):
            with store.transaction() as tx:
                page = tx.put_page(PageDraft(URL), T0)
                at += timedelta(seconds=1)
                done = see(tx, page, (A, B, C)[number % 3], at, body=chance.randbytes(60_000))
            sys.stdout.write(str(done.check) + chr(10))
"""
"""It closes once in between, and its log is written into the database and begun anew at least once."""


@needs_compiler
def test_no_power_cut_damages_the_database_or_takes_an_acknowledged_commit(tmp_path: Path) -> None:
    states, damaged, lost = _cut_everywhere(tmp_path, "FULL")
    tell(f"power cut: {states} states, {damaged} damaged, {lost} with an acknowledged commit lost")
    assert (damaged, lost) == (0, 0)
    assert states >= (2_000 if WHOLE else 100)


@needs_compiler
def test_with_synchronous_normal_acknowledged_commits_are_lost(tmp_path: Path) -> None:
    """The control: were none lost, the replay of the calls would show nothing."""
    states, damaged, lost = _cut_everywhere(tmp_path, "NORMAL")
    tell(f"power cut with synchronous=NORMAL: {states} states, {damaged} damaged, {lost} with a commit lost")
    assert lost > states / 10


def _cut_everywhere(folder: Path, synchronous: str) -> tuple[int, int, int]:
    """Return how many states there were, how many were damaged, how many had lost what was acknowledged."""
    calls = _calls(folder, synchronous)
    assert sum(call.kind == "truncate" or call.offset == 0 for call in calls if call.path.endswith("-wal")) > 2
    chance, disk, place = random.Random(9), Disk(), folder / "after"
    place.mkdir()
    told, found = set[int](), list[tuple[bool, bool]]()
    cuts = set(chance.sample(range(len(calls)), min(len(calls), STATES // len(FATES))))
    for number, call in enumerate(calls):
        disk.play(call)
        if call.kind == "told":
            told.add(int(call.data))
        for fate in FATES if number in cuts else ():
            write_out(disk.after_power_cut(fate, chance), place)
            found.append(_judged(place / "govwatch.db", told))
    return len(found), sum(damaged for damaged, _ in found), sum(lost for _, lost in found)


def _calls(folder: Path, synchronous: str) -> list[Call]:
    """Let a process write; return its calls on the database and what it told, in their order."""
    place, log = folder / "before", folder / "calls"
    place.mkdir()
    paths = {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests")))}
    command = [sys.executable, "-c", WRITER, str(place / "govwatch.db"), synchronous]
    subprocess.run(command, env=environment(record=log, hurry=1) | paths, stdout=subprocess.DEVNULL, check=True)
    return [call for call in recorded(log) if call.kind == "told" or not call.path.endswith("-shm")]


def _judged(file: Path, told: set[int]) -> tuple[bool, bool]:
    """Tell whether a database is damaged, and whether it lacks what was told as kept."""
    with closing(sqlite3.connect(file)) as db:
        try:
            db.execute("pragma synchronous = off")
            if db.execute("pragma integrity_check").fetchall() != [("ok",)]:
                return True, False
            if db.execute("pragma foreign_key_check").fetchall():
                return True, False
            is_made = db.execute("select 1 from sqlite_master where name = 'page_check'").fetchone()
            kept = {number for (number,) in db.execute("select id from page_check")} if is_made else set()
        except sqlite3.DatabaseError:
            return True, False
    return False, not told <= kept
