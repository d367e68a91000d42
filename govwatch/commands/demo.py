"""`govwatch demo`: ten days of a watched page in a few seconds, on the same code paths as the real thing."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import click
from msgspec.structs import replace

from config.settings import CrawlSettings, Settings
from core.errors import UsageError
from govwatch.app import App
from govwatch.demo.site import ReplicaSite, replica
from govwatch.recording import Checked
from govwatch.words import shorten, verdict_word, when
from storage.read import open_reader
from storage.rows import PageDraft
from storage.write import open_store

START = datetime(2023, 5, 23, 1, 0, tzinfo=UTC)
DAYS = (
    ("first", "the page is crawled for the first time"),
    ("first", "nothing but noise: visit counter, server time and token differ"),
    ("sentence", "a figure in a sentence is edited: 36 buses become 63"),
    ("editor", "the responsible editor is replaced"),
    ("sentence", "the new editor is taken back: an edit undone"),
    ("challenge", "a firewall answers instead of the page"),
    ("gone", "404 Not Found"),
    ("gone", "404 Not Found"),
    ("gone", "404 Not Found, the third day in a row"),
    ("sentence", "the page is back"),
)
"""What the replica shows on each day, and that in words."""


@click.command("demo")
@click.option("--dir", "folder", default="govwatch-demo", show_default=True, help="Where to put database and report.")
def demo_command(folder: str) -> None:
    """Play ten days of a watched page.

    Takes seconds: a replica site on this machine, the real crawler, a real database.

    \b
    Example:
      govwatch demo
    """
    from reports.render import render_change, render_page
    from web.reading import change_report, page_report

    database, report = _fresh(Path(folder))
    site = ReplicaSite()
    app = App(Settings(crawl=CrawlSettings(allow_networks=("127.0.0.0/8",), delay_s=0, retries=0)), database)
    with replica(site) as url:
        click.echo(f"A replica of a government page is at {url}\n")
        _play(app, site, url)
    with open_reader(database) as reader:
        (page,) = reader.pages()
        click.echo("\nWhat changed, word by word:\n")
        for change in reversed(reader.changes()):
            click.echo(render_change(change_report(reader, change), "text", False))
        report.write_text(render_page(page_report(reader, page)), encoding="utf-8")
    click.echo(f"The report to open in a browser: {report}")
    called = "govwatch" if which("govwatch") else sys.argv[0]
    click.echo(f"Look around: {called} --db {database} history 1")


def _fresh(folder: Path) -> tuple[Path, Path]:
    """Return the paths of database and report, nothing being there of an earlier demo."""
    database, report = folder / "demo.db", folder / "report.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in (database, Path(f"{database}-wal"), Path(f"{database}-shm"), report):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be used: {error.strerror or error}; give another with --dir") from error
    return database, report


def _play(app: App, site: ReplicaSite, url: str) -> None:
    from govwatch.crawling import crawl

    with open_store(app.database) as store:
        with store.transaction() as tx:
            tx.put_page(PageDraft(url), START)
        for day, (state, story) in enumerate(DAYS):
            site.state = state
            now = START + timedelta(days=day)
            with store.transaction() as tx:
                pages = tx.pages()
            click.echo(f"{when(now)}  {story}")
            crawl(replace(app, now=_clock(now)), store, pages, _tell)


def _clock(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def _tell(checked: Checked) -> None:
    change = checked.decision.change
    said = verdict_word(checked.verdict, change.kind if change else "")
    fields = ", ".join(field.field for field in change.fields) if change else ""
    why = shorten(checked.verdict.reason, 90)
    click.echo(f"{' ' * 18}{said}{': ' if fields or why else ''}{fields or why}")
