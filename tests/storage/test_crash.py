"""A process that is killed loses nothing it said was kept, and leaves nothing by halves."""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

from fakes.checks import T0, A, see, watched

from storage.read import open_reader

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from fakes.checks import DAY, T0, URL, A, B, C, fail, see
from storage.rows import PageDraft
from storage.write import open_store

with open_store(Path(sys.argv[1])) as store:
    number = 0
    while True:
        with store.transaction() as tx:
            page = tx.put_page(PageDraft(URL), T0)
            last = tx.checks(page, 1)
            at = (last[0].at if last else T0) + timedelta(seconds=1)
            done = fail(tx, page, at) if number % 5 == 4 else see(tx, page, (A, B, C)[number % 3], at)
        number += 1
        print(done.check, flush=True)
"""

INCOMPLETE = {
    "a good check without its capture, version or spell": """
        select * from page_check as c where c.version is not null and (c.capture is null or not exists (
            select 1 from spell where spell.version = c.version and c.at between first_seen_at and last_seen_at))""",
    "a capture without a check": "select * from capture where id not in (select capture from page_check where capture)",
    "a version that no check shows": "select * from version where id not in (select version from page_check where version)",
    "a body without a capture": "select * from body where sha256 not in (select body from capture)",
    "a change whose check shows another version": """
        select * from change join page_check on page_check.id = page_check where to_version is not version""",
    "a check that changed the text without its change": """
        select * from page_check where content in ('changed', 'reverted')
            and id not in (select page_check from change)""",
    "a page whose head is not its last good check": """
        select * from page where head is not (
            select version from page_check where version is not null order by id desc limit 1)
            or last_check_at is not (select max(at) from page_check)""",
}


def test_what_was_told_as_kept_is_there_after_kill_9(file: Path) -> None:
    chance = random.Random(7)
    told: set[int] = set()
    for _ in range(5):
        told |= _killed_after(file, chance.randint(1, 40))
        connection = sqlite3.connect(file)
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert told <= {number for (number,) in connection.execute("select id from page_check")}
        assert [what for what, sql in INCOMPLETE.items() if connection.execute(sql).fetchall()] == []
        connection.close()
    with open_reader(file) as reader:
        checks = reader.checks(1)
        for check in checks:
            assert check.capture is None or reader.capture(check.capture).body
    assert len(checks) >= len(told) >= 5


def _killed_after(file: Path, checks: int) -> set[int]:
    """Let another process write, kill it some moment after so many checks, return those it told as kept."""
    command = [sys.executable, "-c", WRITER, str(file)]
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}, text=True
    ) as process:
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
