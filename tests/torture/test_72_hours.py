"""Three days of many pages, some faults among them: every edit is told once, nothing else is, and nothing grows.

The clock of the daemon runs faster; its fetches, its database and its deliveries are real. The judge is what the sites served.
"""

import json
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

from fakes.daemon import Running, running
from fakes.disk import environment
from fakes.site import Answer, Page, Site
from fakes.torture import WHOLE, tell
from fakes.virtual import T0, fast

from govwatch.demo.article import PARAGRAPHS, article_html
from storage.read import open_reader

ROOT = Path(__file__).parents[2]
HOURS, HOSTS, PAGES_OF_A_HOST, RATE = (72, 50, 10, 288.0) if WHOLE else (4, 10, 4, 1200.0)
EDIT_EVERY_H = 12 if WHOLE else 1.5
FAULTY = 0.02
QUIET_H = 1.5
START_S = 10 if WHOLE else 5
"""Nothing is edited so long before the end."""
CONFIG = """
[crawl]
allow_networks = ["127.0.0.0/8"]
delay = "0s"
timeout = "3s"
deadline = "5s"
retries = 0
[defaults]
schedule = { every = "1h" }
[[channel]]
name = "told"
kind = "file"
path = "told.jsonl"
hold = "0s"
"""


@dataclass
class World:
    """Sites whose pages are edited as virtual time passes; it knows what each page has really shown."""

    started_s: float
    chance: random.Random = field(default_factory=lambda: random.Random(72))
    edits: dict[str, list[float]] = field(default_factory=dict)
    """By URL, the hours at which a page is edited."""
    shown: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By URL, the editions that were served whole, in order, each once."""
    served: Counter[str] = field(default_factory=Counter)

    def hour(self) -> float:
        """Return how many virtual hours have passed."""
        return (fast(self.started_s, RATE)() - T0) / timedelta(hours=1)

    def add(self, site: Site, path: str) -> str:
        """Put a page on a site; return its address."""
        url, at, edits = site.url(path), self.chance.uniform(0.5, 1) * EDIT_EVERY_H, list[float]()
        while at < HOURS - QUIET_H:
            edits.append(at)
            at += self.chance.uniform(0.8, 1.2) * EDIT_EVERY_H
        self.edits[url] = edits
        site.pages[path] = lambda request: self._answer(url)
        return url

    def _answer(self, url: str) -> Answer:
        edition = sum(at <= self.hour() for at in self.edits[url])
        body = article_html(editor=editor(edition), paragraphs=_paragraphs(edition), noise=self.chance.randrange(9_999))
        self.served["pages"] += 1
        if self.chance.random() < FAULTY:
            self.served["faults"] += 1
            return self.chance.choice(_FAULTS)(body)
        if self.shown[url][-1:] != [edition]:
            self.shown[url].append(edition)
        return Page(body)


_EDIT = re.compile(r"editor (编辑\d+号) -> (编辑\d+号)")
_WALL = "<html><body><script>document.cookie=('_')+('_')+('j')</script></body></html>"
_FAULTS = (
    lambda body: Page("busy", status=503),
    lambda body: Page("error", status=500),
    lambda body: Page(_WALL, status=521),
    lambda body: Page(""),
    lambda body: Page(body, behaviour="cut"),
    lambda body: Page(body, behaviour="cut-chunked"),
    lambda body: Page(body, behaviour="reset"),
    lambda body: Page(body, behaviour="garbage"),
    lambda body: Page(body, behaviour="never"),
)


def editor(edition: int) -> str:
    """Return the editor that an edition names; each third one is that of two before, so that pages revert."""
    return f"编辑{edition if edition % 3 else max(edition - 2, 0)}号"


def _paragraphs(edition: int) -> tuple[str, ...]:
    return (*PARAGRAPHS, "全文完。") if editor(edition) == "编辑2号" else PARAGRAPHS


def test_in_72_hours_every_edit_is_told_nothing_else_is_and_nothing_grows(tmp_path: Path) -> None:
    (tmp_path / "govwatch.toml").write_text(CONFIG, encoding="utf-8")
    paths = {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests")))}
    with ExitStack() as stack:
        sites = [stack.enter_context(Site(host=f"127.0.0.{2 + number}")) for number in range(HOSTS)]
        world = World(time.monotonic() + START_S)
        urls = [world.add(site, f"/{number}") for site in sites for number in range(PAGES_OF_A_HOST)]
        with (tmp_path / "govwatch.toml").open("a", encoding="utf-8") as config:
            config.write(f'[[target]]\nname = "all"\nurls = {json.dumps(urls)}\n')
        command = [sys.executable, "-u", str(ROOT / "tests/fakes/virtual.py"), str(world.started_s), str(RATE)]
        with running(tmp_path, environment() | paths, command) as daemon:
            sizes = _watched(daemon, world)
            assert daemon.stop() == 0, daemon.said
    memory, descriptors = _growth([mb for _, mb, _ in sizes]), _growth([float(fds) for _, _, fds in sizes])
    missed, false = _compared(tmp_path, world)
    edits = sum(map(len, world.edits.values()))
    unseen = edits - sum(len(shown) - 1 for shown in world.shown.values())
    tell(
        f"{HOURS} hours of {len(urls)} pages: {world.served['pages']} fetches, {world.served['faults']} faults; "
        f"{edits} edits, {unseen} over before a check, {missed} missed, {false} false alarms; "
        f"memory {memory:+.1%}, file descriptors {descriptors:+.1%} after warm-up"
    )
    assert (missed, false) == (0, 0)
    if WHOLE:
        assert unseen == 0
        assert memory < 0.05
        assert descriptors < 0.05


def _watched(daemon: Running, world: World) -> list[tuple[float, float, int]]:
    """Let the time pass; return now and then the hour, the memory in MB, and the number of descriptors."""
    sizes = []
    while (hour := world.hour()) < HOURS:
        assert daemon.process.poll() is None, daemon.said
        sizes.append((hour, daemon.status_mb("VmRSS"), daemon.descriptors))
        time.sleep(0.5)
    return sizes


def _growth(sizes: list[float]) -> float:
    """Return how much a size grew from the second quarter of the time to the last."""
    quarter = max(len(sizes) // 4, 1)
    return median(sizes[-quarter:]) / median(sizes[quarter : 2 * quarter]) - 1


def _compared(folder: Path, world: World) -> tuple[int, int]:
    """Return how many edits were missed, and how many changes were told that were none; all of it twice: kept and sent."""
    due = Counter(
        (url, editor(before), editor(after)) for url, shown in world.shown.items() for before, after in pairwise(shown)
    )
    with open_reader(folder / "govwatch.db") as reader:
        kept = Counter(
            (change.url, field.old, field.new)
            for change in reader.changes()
            for field in change.fields
            if field.field == "editor"
        )
        others = sum(all(field.field != "editor" for field in change.fields) for change in reader.changes())
    lines = (folder / "told.jsonl").read_text(encoding="utf-8").splitlines()
    told = [change for line in lines for change in json.loads(line)["changes"]]
    sent = Counter((change["url"], *edit) for change in told for edit in _EDIT.findall(change["summary"]))
    missed = (due - kept) + (due - sent)
    false = (kept - due) + (sent - due)
    return missed.total(), false.total() + others
