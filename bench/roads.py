"""What reading one page costs, by road: with a family's profile (fast) or by the generic one (slow), in CPU.

Prints JSON. The page of 40 KB is our own; shares and costs of real pages need those that lie beside the checkout, which
`make score` scores. Every page is read several times in turns, and its median counts.
"""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median
from typing import Any

from loadsite import Pages

from config.settings import Settings
from core.model import Capture
from core.profile import GENERIC
from core.read import PageReader
from govwatch.app import App
from govwatch.saved import saved_capture

PAGES = Path(__file__).parents[2] / "shared" / "pages"
AT = datetime(2026, 1, 1, tzinfo=UTC)
OURS = "https://www.sc.gov.cn/article/1.html"


def captures(folder: Path) -> dict[str, Capture]:
    """Return the articles of a folder by name, and our own as an empty name."""
    found = {"": Capture(OURS, OURS, 200, (), Pages().body(1), AT, AT)}
    for page in sorted(folder.glob("articles/*.html")):
        url = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["url"]
        found[page.stem] = saved_capture(str(page), url, AT)
    return found


def cost_ms(reader: PageReader, capture: Capture) -> float:
    """Return the CPU milliseconds of one reading."""
    start = time.process_time()
    reader.read(capture)
    return (time.process_time() - start) * 1000


def told(road: list[tuple[int, float]], of: int) -> dict[str, Any]:
    """Return the figures of a road, whose pages are given as bytes and milliseconds."""
    if not road:
        return {"pages": 0}
    costs = [cost for _, cost in road]
    return {
        "pages": len(road),
        "share": round(len(road) / of, 3),
        "median_kb": round(median(size for size, _ in road) / 1000, 1),
        "cpu_ms": {"median": round(median(costs), 2), "mean": round(fmean(costs), 2), "most": round(max(costs), 2)},
    }


def main() -> None:
    """Read the pages, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=PAGES, help="the folder that holds articles/")
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    app = App(Settings(), Path("unused.db"))
    pages = {name: (app.reader_of(capture.url), capture) for name, capture in captures(given.pages).items()}
    costs: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(given.runs + 1):
        for name, page in pages.items():
            costs[name].append(cost_ms(*page))
    roads: dict[str, list[tuple[int, float]]] = {"fast": [], "slow": []}
    for name, (reader, capture) in pages.items():
        if name:
            road = "slow" if reader.read(capture).profile == GENERIC else "fast"
            roads[road].append((len(capture.body), median(costs[name][1:])))
    ours = {"bytes": len(pages[""][1].body), "cpu_ms": round(median(costs[""][1:]), 2)}
    real = {road: told(found, len(pages) - 1) for road, found in roads.items()}
    print(json.dumps({"page_of_40_kb": ours} | (real if len(pages) > 1 else {}), indent=2))


if __name__ == "__main__":
    main()
