"""Another process that writes checks to a database as fast as it can, and what a database must never hold after."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from storage.counts import MISCOUNTED

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
    "a body without a capture": "select * from body where id not in (select body from capture)",
    "a change whose check shows another version": """
        select * from change join page_check on page_check.id = page_check where to_version is not version""",
    "a check that changed the text without its change": """
        select * from page_check where content in ('changed', 'reverted')
            and id not in (select page_check from change)""",
    "a page whose head is not its last good check": """
        select * from page where head is not (
            select version from page_check where version is not null order by id desc limit 1)
            or last_check_at is not (select max(at) from page_check)""",
    "a count of what is not there": MISCOUNTED,
}


def writing(file: Path) -> subprocess.Popen[str]:
    """Start a process that writes check after check and prints the number of each that is kept."""
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": paths},
        text=True,
    )


def incomplete(connection: sqlite3.Connection) -> list[str]:
    """Return what a database holds by halves, in words."""
    return [what for what, sql in INCOMPLETE.items() if connection.execute(sql).fetchall()]
