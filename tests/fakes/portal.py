"""Some watched sites whose pages all turn from one editor to another, and the webhook that is told of it."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

from fakes.desk import Desk
from fakes.receiver import Receiver, receiving
from fakes.site import Page, Request, Site

from govwatch.demo.article import article_html
from storage.write import open_store

BEFORE, AFTER = "苏可明", "贺茜"
CONFIG = """
[crawl]
allow_networks = ["127.0.0.0/8"]
delay = "0s"
timeout = "20s"
deadline = "40s"
retries = 0
"""


@dataclass
class Portal:
    """Sites with their pages, all seen once with the editor of before, and due for a second check."""

    folder: Path
    sites: list[Site]
    sink: Receiver
    editor: str = BEFORE
    before_answer: Callable[[], None] = lambda: None
    served: Counter[str] = field(default_factory=Counter)
    """By URL, how often a site gave the page with the editor of after."""

    @property
    def urls(self) -> list[str]:
        """All pages."""
        return [site.url(path) for site in self.sites for path in site.pages]

    def kept(self, said: str) -> set[str]:
        """Return the pages whose change a daemon said it had kept."""
        return {url for url in self.urls if re.search(rf"changed +{_title(url)}$", said, re.MULTILINE)}

    def fresh(self) -> None:
        """Begin anew: pages seen once and due, nothing served, nothing told."""
        for old in self.folder.glob("govwatch.db*"):
            old.unlink()
        copyfile(self.folder / "seen-once", self.folder / "govwatch.db")
        self.served.clear()
        self.sink.came.clear()
        for site in self.sites:
            site.requests.clear()

    def told(self) -> dict[str, list[str]]:
        """Return, by webhook-id, the pages whose change the webhook was told under it. One id has one content."""
        notices: dict[str, list[str]] = {}
        for headers, body in list(self.sink.came):
            changes = json.loads(body)["changes"]
            assert all(change["summary"].startswith(f"editor {BEFORE} -> {AFTER}") for change in changes), changes
            pages = [change["url"] for change in changes]
            assert notices.setdefault(headers["webhook-id"], pages) == pages
        return notices

    def is_at_rest(self) -> bool:
        """Whether the webhook knows of every page, and the daemon knows that it does."""
        if {url for pages in self.told().values() for url in pages} != set(self.urls):
            return False
        with closing(sqlite3.connect(f"file:{self.folder / 'govwatch.db'}?mode=ro", uri=True)) as db:
            unsent = "select 1 from outbox left join delivery on delivery.id = delivery where state is not 'sent'"
            return db.execute(unsent).fetchone() is None

    def faults(self) -> list[str]:
        """Return what is wrong after all has been checked and told: lost, twice, damaged."""
        told = Counter(url for pages in self.told().values() for url in pages)
        wrong = [f"{url} told {told[url]} times" for url in self.urls if told[url] != 1]
        wrong += [f"{url} never served" for url in self.urls if not self.served[url]]
        with closing(sqlite3.connect(self.folder / "govwatch.db")) as db:
            if (state := db.execute("pragma integrity_check").fetchall()) != [("ok",)]:
                wrong.append(f"damaged: {state}")
            if orphans := db.execute("pragma foreign_key_check").fetchall():
                wrong.append(f"rows without what they refer to: {orphans}")
            shown = db.execute(
                """select url, (select group_concat(editor) from
                (select editor from version where version.page = page.id order by number)) from page"""
            ).fetchall()
        wrong += [f"{url} has versions {got}" for url, got in shown if got != f"{BEFORE},{AFTER}"]
        return wrong

    def _page(self, site: Site, path: str) -> None:
        def answer(request: Request) -> Page:
            url = site.url(path)
            self.before_answer()
            self.served[url] += self.editor == AFTER
            return Page(article_html(title=_title(url), editor=self.editor))

        site.pages[path] = answer


def _title(url: str) -> str:
    return "题" + url.partition(":")[2].replace("/", "-").replace(":", "-").replace(".", "-")


@contextmanager
def portal(folder: Path, sites: int = 5, pages: int = 4, hold: str = "0s", hosts: int = 1) -> Iterator[Portal]:
    """Run such sites, on so many hosts, and their webhook; each page's changes go to one of two channels."""
    folder.mkdir(parents=True, exist_ok=True)
    open_sites = [Site(host=f"127.0.0.{1 + number % hosts}") for number in range(sites)]
    with receiving() as sink:
        try:
            for site in open_sites:
                site.__enter__()
            here = Portal(folder, open_sites, sink)
            for site in open_sites:
                for number in range(pages):
                    here._page(site, f"/{number}")
            _seen_once(here, hold)
            yield here
        finally:
            for site in open_sites:
                site.__exit__(None, None, None)


def _seen_once(here: Portal, hold: str) -> None:
    config = here.folder / "govwatch.toml"
    config.write_text(CONFIG, encoding="utf-8")
    for number, label in enumerate(("odd", "even")):
        urls = json.dumps(here.urls[number::2])
        with config.open("a", encoding="utf-8") as text:
            text.write(f'[[target]]\nname = "{label}"\nurls = {urls}\nlabels = ["{label}"]\n')
            text.write(f'[[channel]]\nname = "{label}"\nkind = "webhook"\nurl = "{here.sink.url}"\n')
            text.write(f'labels = ["{label}"]\nhold = "{hold}"\n')
    ran = Desk(here.folder).run("crawl", "odd", "even")
    assert ran.code == 0, ran
    with open_store(here.folder / "govwatch.db") as store, store.transaction() as tx:
        for page in tx.pages():
            tx.set_next_due(page.id, datetime.now(UTC))
    (here.folder / "govwatch.db").rename(here.folder / "seen-once")
    here.editor = AFTER
