"""One process against two that fetch and read, on the load site with 8 hosts, in turns in one run.

Prints a table and writes JSON. CPU is of whole processes, those that fetch included; what they take to start is
measured with a few pages and taken off. Pages a second mean little where there are fewer than four idle cores.
"""

import argparse
import json
import os
import resource
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from load import begin, child, load_site
from loadsite import MOST_HOSTS, ROUNDS, urls

BAR = 1.15
"""At most so many times the CPU of one process."""


def crawled(port: int, pages: int, round_name: str, workers: int, database: str) -> dict[str, Any]:
    """Crawl once; return what it told and took, with the CPU seconds of all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    given = {"urls": urls(port, pages, MOST_HOSTS), "round": round_name, "workers": workers}
    figures = child("visit.py", given | {"database": database, "by_stage": False})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return figures | {"cpu_s": used_s, "pages_per_s": 1000 / figures["wall_ms"]}


def once(port: int, pages: int) -> dict[str, dict[str, float]]:
    """Crawl all rounds with one process and with two."""
    figures = {}
    with TemporaryDirectory() as folder:
        for round_name in ROUNDS:
            begin(port, round_name)
            ran, row = {}, dict[str, float]()
            for workers in (1, 2):
                few = crawled(port, MOST_HOSTS, round_name, workers, f"{folder}/few-{workers}.db")
                many = ran[workers] = crawled(port, pages, round_name, workers, f"{folder}/{workers}.db")
                row[f"cpu_ms_{workers}"] = (many["cpu_s"] - few["cpu_s"]) * 1000 / (pages - MOST_HOSTS)
                row[f"start_s_{workers}"] = few["cpu_s"]
                row[f"pages_per_s_{workers}"] = many["pages_per_s"]
            figures[round_name] = row | {
                "ratio": row["cpu_ms_2"] / row["cpu_ms_1"],
                "recall": min(one["recall"] for one in ran.values()),
                "precision": min(one["precision"] for one in ran.values()),
                "wrong": sum(one["wrong_verdicts"] for one in ran.values()),
            }
    return figures


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, default=Path("bench-workers.json"), help="where the figures go")
    given = parser.parse_args()
    with load_site(2.0) as port:
        runs = [once(port, given.pages) for _ in range(given.runs)]
    report = {name: {key: median(run[name][key] for run in runs) for key in row} for name, row in runs[0].items()}
    heads = list(next(iter(report.values())))
    print(f"{given.pages} pages, {os.cpu_count()} cores; bar of the ratio: {BAR}\n")
    print(f"| round | {' | '.join(heads)} |\n|{' --- |' * (len(heads) + 1)}")
    for name, row in report.items():
        print(f"| {name} | {' | '.join(f'{value:.2f}' for value in row.values())} |")
    given.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
