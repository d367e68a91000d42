"""How large the archive gets: pages of about 40 KB with small edits and noise, as a crawl keeps them, then compacted.

Prints JSON: bytes on disk by kind, what a capture with nothing but noise costs, and how many captures came back bit for
bit, as crawled and after `compact`. `--full` is the size of the promise: 10,000 pages, 10 captures each. `--year` lets
pages be checked for a year on three schedules instead: bytes per page and year, as kept, and pruned and compacted.
"""

import argparse
import json
import random
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from config.settings import Retention, Settings
from core.model import Capture
from govwatch.app import App
from govwatch.recording import Finding, record
from storage.compact import compact
from storage.retention import prune
from storage.rows import PageDraft
from storage.stats import read_stats
from storage.write import open_store

T0 = datetime(2026, 1, 1, tzinfo=UTC)
SITES = 20
EDITED = (3, 7)
"""Captures in which something small has been edited; between them there is noise alone."""
SCHEDULES = {"every hour": (24, 2), "every 6 hours": (4, 8), "every day": (1, 30)}
"""Checks a day, and how many pages are checked so."""
SPARSELY = Retention(captures_after_s=30 * 86400, checks_after_s=30 * 86400)
CHARACTERS = "".join(chr(0x4E00 + number * 7) for number in range(2500))


def words(chance: random.Random, count: int) -> str:
    """Text with about the entropy of Chinese: few characters are frequent."""
    return "".join(CHARACTERS[min(int(chance.paretovariate(0.6)), 2499)] for _ in range(count))


class Page:
    """One page: a frame of its site, an article and links of its own; `body(n)` is what the n-th capture shows."""

    def __init__(self, number: int) -> None:
        self.site, chance = number % SITES, random.Random(number)
        self.url = f"https://www.site{self.site}.gov.cn/art/2026/{number % 12 + 1}/{number % 28 + 1}/art_{number}.html"
        frame = random.Random(f"site {self.site}")
        self.head = "".join(
            f'<li class="nav-{frame.randrange(9)}"><a href="/col/col{frame.randrange(9999)}/index.html"'
            f' target="_blank" title="{(name := words(frame, 6))}">{name}</a></li>\n'
            for _ in range(150)
        )
        self.foot = "".join(
            f'<script src="/static/{frame.randbytes(8).hex()}.js"></script><p class="foot">{words(frame, 30)}</p>\n'
            for _ in range(80)
        )
        self.title, self.editor = words(chance, 20), words(chance, 3)
        self.paragraphs = [words(chance, 160) + "。" for _ in range(9)]
        self.links = "".join(
            f'<li><a href="/art/2025/{chance.randrange(1, 13)}/art_{chance.randrange(99999)}.html">'
            f"{words(chance, 18)}</a><span>2025-0{chance.randrange(1, 10)}-1{chance.randrange(10)}</span></li>\n"
            for _ in range(30)
        )

    def body(self, capture: int, edits: tuple[int, ...] = ()) -> bytes:
        noise = random.Random(f"{self.url} {capture}")
        paragraphs = list(self.paragraphs)
        for place, edit in enumerate(edits or [edit for edit in EDITED if capture >= edit]):
            if edit:
                paragraphs[place] = f"（修订{edit}）{paragraphs[place][9:]}"
        text = "\n".join(f'<p style="text-indent: 2em;">{paragraph}</p>' for paragraph in paragraphs)
        return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{self.title}</title>
<meta name="csrf-token" content="{noise.randbytes(16).hex()}"></head><body><ul class="nav">{self.head}</ul>
<div class="crumbs">今天是2026年{capture}月1日</div><h1 class="title">{self.title}</h1>
<div class="info">发布时间：2026-01-05 10:00 来源：县政府办公室 浏览次数：{noise.randrange(10_000, 99_999)}</div>
<div class="TRS_Editor">{text}</div><div class="bj">责任编辑：{self.editor}</div>
<ul class="related">{self.links}</ul>{self.foot}<p>{noise.randbytes(20).hex()}</p></body></html>""".encode()


def headers(at: datetime) -> tuple[tuple[str, str], ...]:
    return (
        ("Server", "nginx"),
        ("Date", at.strftime("%a, %d %b %Y %H:%M:%S GMT")),
        ("Content-Type", "text/html; charset=utf-8"),
        ("Connection", "keep-alive"),
        ("Vary", "Accept-Encoding"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("X-Content-Type-Options", "nosniff"),
        ("Set-Cookie", f"SESSION={random.Random(str(at)).randbytes(16).hex()}; Path=/; HttpOnly"),
        ("Content-Encoding", "gzip"),
    )


def captured(page: Page, number: int, body: bytes) -> Capture:
    at = T0 + timedelta(days=number)
    return Capture(
        page.url,
        page.url,
        200,
        headers(at),
        body,
        at,
        at + timedelta(milliseconds=180),
        ip="203.0.113.7",
        tls="verified",
        wire_bytes=len(body) // 4,
        wire_sha256=sha256(body[::-1]).hexdigest(),
    )


def filled(app: App, pages: int, captures: int) -> dict[str, object]:
    """Keep all captures; return the mean size of a body, and what the captures with noise alone took."""
    made = [Page(number) for number in range(pages)]
    noise_bytes = 0
    with open_store(app.database) as store:
        with store.transaction() as tx:
            for page in made:
                tx.put_page(PageDraft(page.url), T0)
        for number in range(captures):
            before = app.database.stat().st_size
            for start in range(0, pages, 100):
                rows = store.reading().pages_after(start, 100)
                at = T0 + timedelta(days=number)
                done = record(
                    app,
                    store,
                    [
                        Finding(row, captured(page, number, page.body(number)), at)
                        for row in rows
                        for page in [made[row.id - 1]]
                    ],
                )
                assert {str(one.verdict.content) for one in done} == {
                    "first-seen" if not number else "changed" if number in EDITED else "same"
                }
            store.reading()._rows("pragma wal_checkpoint(truncate)")
            if number and number not in EDITED:
                noise_bytes += app.database.stat().st_size - before
    return {
        "body_bytes": sum(len(page.body(0)) for page in made[:100]) // len(made[:100]),
        "noise_capture_bytes": noise_bytes // pages // max(1, captures - 1 - len([e for e in EDITED if e < captures])),
    }


def year(folder: Path) -> dict[str, dict[str, int]]:
    """Return bytes per page and year by schedule, check rows included; every month something small is edited."""
    found = {}
    for name, (a_day, pages) in SCHEDULES.items():
        app = App(Settings(), folder / f"{a_day}.db")
        made = [Page(number * SITES) for number in range(pages)]
        with open_store(app.database) as store:
            with store.transaction() as tx:
                for page in made:
                    tx.put_page(PageDraft(page.url), T0)
            rows = store.reading().pages()
            for check in range(365 * a_day):
                at, month = T0 + timedelta(days=check / a_day), check // (30 * a_day)
                taken = [captured(page, check, page.body(check, (month,))) for page in made]
                record(app, store, [Finding(row, one, at) for row, one in zip(rows, taken, strict=True)])
        sizes = [app.database.stat().st_size]
        prune(app.database, SPARSELY, T0 + timedelta(days=365))
        compact(app.database)
        sizes.append(app.database.stat().st_size)
        found[name] = dict(zip(("kept", "pruned after 30 days"), (size // pages for size in sizes), strict=True))
    return found


def restored(app: App, captures: int) -> int:
    """Return how many captures came back bit for bit; each is compared with what was served."""
    good = 0
    with open_store(app.database) as store:
        kept = store.reading()
        for place, row in enumerate(kept._rows("select id, page from capture order by page, id")):
            number = place % captures
            if not number:
                page = Page(row["page"] - 1)
            good += kept.capture(row["id"]).body == page.body(number)
    return good


def main() -> None:
    """Fill, measure, and compare every capture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--captures", type=int, default=10)
    parser.add_argument("--full", action="store_true", help="10,000 pages")
    parser.add_argument("--year", action="store_true", help="bytes per page and year")
    given = parser.parse_args()
    pages = 10_000 if given.full else given.pages
    with TemporaryDirectory() as folder:
        if given.year:
            print(json.dumps(year(Path(folder)), indent=2))
            return
        app = App(Settings(), Path(folder) / "size.db")
        figures: dict[str, object] = {"pages": pages, "captures": given.captures}
        figures |= filled(app, pages, given.captures)
        figures["as_crawled"] = measured(app) | {"restored": restored(app, given.captures)}
        start = time.perf_counter()
        compact(app.database)
        took = {"seconds": round(time.perf_counter() - start, 1)}
        figures["compacted"] = measured(app) | {"restored": restored(app, given.captures)} | took
    print(json.dumps(figures, indent=2))


def measured(app: App) -> dict[str, object]:
    stats = read_stats(app.database)
    return {"bytes": stats.in_all, "bytes_per_page": stats.in_all // stats.pages, "by_kind": stats.bytes}


if __name__ == "__main__":
    main()
