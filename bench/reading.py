"""How long the reading commands take on a database of 100,000 versions, and which modules they import.

Prints JSON. Each command is a whole process, timed around; `bare_ms` is Python with click and sqlite3 and nothing else
in the same run, so that figures of two machines can be compared.
"""

import argparse
import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from core.decide import Policy, decide
from core.model import Capture, NormalText, Quality, QualityKind, Reading
from govwatch.demo.article import EDITOR, PARAGRAPHS, PUBLISHED_ISO, SOURCE, TITLE
from storage.rows import PageDraft
from storage.write import Store, open_store

START = datetime(2020, 1, 1, tzinfo=UTC)
HEAVY = ("scrapy", "twisted", "apscheduler", "sqlite_utils", "lxml")


def fill(store: Store, pages: int, versions: int) -> None:
    """Give each page so many versions, a day between them, by the same decisions that a crawl makes."""
    for number in range(1, pages + 1):
        with store.transaction() as tx:
            page = tx.put_page(PageDraft(f"https://example.gov.cn/{number}.html"), START)
            for day in range(versions):
                _check(tx, page, number, day)


def _check(tx, page: int, number: int, day: int) -> None:
    at = START + timedelta(days=day, seconds=number)
    body = (*PARAGRAPHS[:-1], f"{PARAGRAPHS[-1]}第{number}号,第{day}日。")
    text = NormalText(f"{TITLE}({number})", PUBLISHED_ISO, SOURCE, f"{EDITOR}{day % 3}", body, ())
    url = f"https://example.gov.cn/{number}.html"
    capture = Capture(url, url, 200, (), f"{number} {day}".encode(), at, at)
    reading = Reading(Quality(QualityKind.OK), "rules", text, "utf-8", "sc.gov.cn")
    before = tx.before_check(page)
    decision = decide(before.state, reading, at, Policy(), lambda mark: False)
    tx.record(page, before, capture, reading, decision, at, None)


def measure(command: list[str], runs: int) -> float:
    """Return the median milliseconds of a whole process."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append((time.perf_counter() - start) * 1000)
    return round(median(times), 1)


def imported(command: list[str]) -> list[str]:
    """Return which heavy modules a command imports."""
    run = subprocess.run([sys.executable, "-X", "importtime", *command[1:]], check=True, capture_output=True, text=True)
    names = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}
    return [name for name in HEAVY if name in names]


def main() -> None:
    """Build the database, run each command, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--versions", type=int, default=100, help="of each page")
    parser.add_argument("--runs", type=int, default=11)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        with open_store(database) as store:
            fill(store, given.pages, given.versions)
        govwatch = [sys.executable, "-m", "govwatch", "--db", str(database)]
        page = str(given.pages // 2 or 1)
        commands = {
            "changes": [*govwatch, "changes"],
            "changes --since 7d": [*govwatch, "changes", "--since", "2020-04-03"],
            "changes --field editor": [*govwatch, "changes", "--field", "editor"],
            "changes --field attachments (none)": [*govwatch, "changes", "--field", "attachments"],
            "changes --page": [*govwatch, "changes", "--page", page],
            "history": [*govwatch, "history", page],
            "diff": [*govwatch, "diff", page],
            "diff --from --to": [*govwatch, "diff", page, "--from", "1", "--to", str(given.versions)],
            "show": [*govwatch, "show", page],
        }
        figures = {
            "versions": given.pages * given.versions,
            "database_mib": round(database.stat().st_size / 2**20, 1),
            "bare_ms": measure([sys.executable, "-c", "import click, sqlite3"], given.runs),
            "median_ms": {name: measure(command, given.runs) for name, command in commands.items()},
            "heavy_imports": {name: imported(command) for name, command in commands.items()},
        }
    print(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
