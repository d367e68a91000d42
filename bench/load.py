"""What watching costs: the load site crawled round by round, beside a bare spider that only downloads, in one run.

Prints a table and writes JSON. CPU is that of the process that crawls, from the start of the crawl on, so that neither
side's start-up helps the ratio; medians over repetitions, in which both take turns.
"""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

from loadsite import ROUNDS, urls

HERE = Path(__file__).parent
BARS = {"first": 2.5, "unchanged": 1.5, "not-modified": 1.1}
"""At most so many times the CPU of the bare spider."""


@contextmanager
def load_site(latency_ms: float, *large: float) -> Iterator[int]:
    """Run the site in a process of its own; give its port. `large`: every how many pages is how many MB large."""
    command = [sys.executable, str(HERE / "loadsite.py"), str(latency_ms), *map(str, large)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as site:
        try:
            assert site.stdout is not None
            yield int(site.stdout.readline())
        finally:
            site.kill()


def begin(port: int, round_name: str) -> None:
    """Have the site begin a round."""
    with urlopen(f"http://127.0.0.1:{port}/round/{round_name}", timeout=10) as answer:
        answer.read()


def child(script: str, given: dict[str, Any]) -> dict[str, Any]:
    """Run one measured process and return what it printed."""
    command = [sys.executable, str(HERE / script)]
    run = subprocess.run(command, input=json.dumps(given), check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)  # type: ignore[no-any-return]


def once(port: int, pages: int) -> dict[str, dict[str, Any]]:
    """Crawl all rounds with a new database, and with the bare spider, in turns."""
    addresses = urls(port, pages)
    figures = {}
    with TemporaryDirectory() as folder:
        for round_name in ROUNDS:
            begin(port, round_name)
            bare = child("bare.py", {"urls": addresses, "conditional": round_name == "not-modified"})
            given = {"urls": addresses, "round": round_name}
            by_stage = child("visit.py", given | {"database": f"{folder}/stages.db", "by_stage": True})
            whole = child("visit.py", given | {"database": f"{folder}/bench.db", "by_stage": False})
            figures[round_name] = whole | {
                "stages_cpu_ms": by_stage["stages_cpu_ms"],
                "bare_cpu_ms": bare["cpu_ms"],
                "ratio": whole["cpu_ms"] / bare["cpu_ms"],
            }
    return figures


def medians(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians of the figures of several runs, and the worst of what must not differ."""
    worst = {"recall": min, "precision": min, "wrong_verdicts": max}
    return {
        key: medians([run[key] for run in runs])
        if isinstance(runs[0][key], dict)
        else worst.get(key, median)([run[key] for run in runs])
        for key in runs[0]
    }


def table(figures: dict[str, Any]) -> str:
    """Return the rounds as a Markdown table."""
    stages = list(next(iter(figures.values()))["stages_cpu_ms"])
    heads = ["round", "pages/s", "CPU ms", *stages, "bare", "ratio", "bar", "peak MiB", "kB/page"]
    heads += ["recall", "precision", "wrong"]
    lines = [" | ".join(heads), " | ".join("-" * len(head) for head in heads)]
    for name, row in figures.items():
        cells = [name, f"{1000 / row['wall_ms']:.0f}", f"{row['cpu_ms']:.2f}"]
        cells += [f"{row['stages_cpu_ms'][stage]:.2f}" for stage in stages]
        cells += [f"{row['bare_cpu_ms']:.2f}", f"{row['ratio']:.2f}", str(BARS.get(name, ""))]
        cells += [f"{row['peak_mib']:.0f}", f"{row['disk_bytes_per_page'] / 1000:.1f}"]
        cells += [*(f"{row[key]:.3f}" for key in ("recall", "precision"))]
        lines.append(" | ".join([*cells, f"{row['wrong_verdicts']}"]))
    return "\n".join(f"| {line} |" for line in lines)


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--runs", type=int, default=3, help="repetitions of up to 1,000 pages; more pages run once")
    parser.add_argument("--latency-ms", type=float, default=2.0, help="of every answer of the site")
    parser.add_argument("--json", type=Path, default=Path("bench-load.json"), help="where the figures go")
    given = parser.parse_args()
    report: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="minutes"), "machine": platform.platform()}
    with load_site(given.latency_ms) as port:
        for pages in given.pages:
            runs = [once(port, pages) for _ in range(given.runs if pages <= 1000 else 1)]
            report[str(pages)] = medians(runs)
            print(f"\n{pages} pages, CPU in ms per page\n\n{table(report[str(pages)])}", flush=True)
    given.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
