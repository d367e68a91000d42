"""How long the live application takes to its first byte on a database of 100,000 versions; prints JSON.

The application runs in a process of its own behind its real server. Each figure is the median of some requests; the
first one of each path is left out and told apart. `bare_ms` is a picture from the same server, so that figures of two
machines can be compared.
"""

import argparse
import json
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

from reading import fill

from storage.write import open_store

PATHS = {
    "overview": "/",
    "changes": "/changes",
    "changes of a field": "/changes?field=editor",
    "changes of a host": "/changes?host=example.gov.cn&kind=reverted",
    "changes not seen": "/changes?seen=no",
    "change": "/changes/{change}",
    "page": "/pages/{page}",
    "page list": "/pages",
    "comparison": "/pages/{page}/compare?from=1&to=2",
    "search, a word of many": "/search?q=校车",
    "search, a word of one": "/search?q=第{page}号",
    "search, a word of none": "/search?q=白婉苹",
    "search, one character": "/search?q=校",
    "atom feed": "/feed.atom",
    "json feed": "/feed.json",
    "api, pages": "/api/pages",
    "api, changes": "/api/changes",
    "api, change": "/api/changes/{change}",
}
BOUND_MS = {"overview": 100, "change": 100}


def first_byte(port: int, path: str) -> float:
    """Return the milliseconds until the answer begins."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    start = time.perf_counter()
    connection.request("GET", quote(path, safe="/?&=%"))
    answer = connection.getresponse()
    took = (time.perf_counter() - start) * 1000
    assert answer.status == 200, (path, answer.status)
    answer.read()
    connection.close()
    return took


def main() -> None:
    """Build the database, or take one, serve it, ask, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--versions", type=int, default=100, help="of each page")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--database", type=Path, help="one that was filled before")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        database = given.database or Path(folder) / "bench.db"
        if not given.database:
            with open_store(database) as store:
                fill(store, given.pages, given.versions)
        command = [sys.executable, "-m", "govwatch", "--db", str(database), "serve", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            try:
                assert running.stdout
                port = int(running.stdout.readline().partition("/  ")[0].rpartition(":")[2])
                print(json.dumps(figures(port, given.pages, given.versions, given.runs), ensure_ascii=False, indent=2))
            finally:
                running.terminate()


def figures(port: int, pages: int, versions: int, runs: int) -> dict[str, object]:
    """Return what was measured, in milliseconds to the first byte."""
    page = pages // 2 or 1
    where = {"page": page, "change": page * (versions - 1) - versions // 2}
    times = {
        name: [first_byte(port, path.format(**where)) for _ in range(runs + 1)]
        for name, path in ({"bare": "/favicon.ico"} | PATHS).items()
    }
    medians = {name: round(median(taken[1:]), 1) for name, taken in times.items()}
    return {
        "bare_ms": medians.pop("bare"),
        "median_ms": medians,
        "first_ms": {name: round(taken[0], 1) for name, taken in times.items() if name in PATHS},
        "over_the_bound": [name for name, bound in BOUND_MS.items() if medians[name] > bound],
    }


if __name__ == "__main__":
    main()
