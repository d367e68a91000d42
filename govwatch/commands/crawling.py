"""`govwatch crawl`: fetch pages now."""

import json
import sys
from collections import Counter
from contextlib import nullcontext
from typing import Any

import click

from config.schedule import to_text
from config.settings import ONCE_A_DAY
from core.errors import UsageError
from govwatch.app import App
from govwatch.command import command, json_option, workers_option
from govwatch.loading import loading
from govwatch.pages import named, sync
from govwatch.recording import Checked
from govwatch.telling import as_dict, told
from govwatch.writing import writing
from storage.rows import PageDraft, PageRow
from storage.write import Transaction

_MANY = 5


@command(
    "crawl",
    """
    govwatch crawl https://www.sc.gov.cn/10462/2017/5/22/page.shtml
    govwatch crawl 1 2 7
    govwatch crawl --all
    govwatch crawl --all --workers 4
    """,
)
@click.argument("pages", nargs=-1, metavar="[URL|NAME|NUMBER]...")
@click.option("--all", "crawl_all", is_flag=True, help="Crawl every page that is not paused or removed.")
@click.option("--watch", is_flag=True, help="Also check these pages once a day from now on.")
@workers_option
@json_option
def crawl_command(
    app: App, pages: tuple[str, ...], crawl_all: bool, watch: bool, workers: int | None, as_json: bool
) -> None:
    """Fetch pages now and tell what changed.

    A page crawled once is kept; it is checked again on a schedule only with --watch, `govwatch add` or in the
    configuration. Exit status 1: some page could not be checked.
    """
    if bool(pages) == crawl_all:
        raise UsageError("say what to crawl: one or more addresses, names or numbers, or --all")
    with loading():
        from govwatch.crawling import crawl

    # No check is kept in memory: with its texts each takes 18 KB, and 100,000 pages would take 2 GB.
    done, told_later = Counter[str](), list[Any]()
    with writing(app) as store:
        with store.transaction() as tx:
            sync(app, tx)
            chosen = tx.pages(("active",)) if crawl_all else named(tx, pages, app.now())
            if watch:
                chosen = [_watched(app, tx, page) for page in chosen]
        many = len(chosen) >= _MANY and sys.stderr.isatty()
        with click.progressbar(length=len(chosen), label="Crawling", file=sys.stderr) if many else nullcontext() as bar:

            def tell(checked: Checked) -> None:
                is_changed = checked.decision.change is not None
                done.update(pages=1, good=checked.is_good, changed=is_changed)
                if as_json:
                    told_later.append(as_dict(checked))
                elif bar is None:
                    click.echo(told(checked))
                elif is_changed or not checked.is_good:
                    told_later.append(told(checked))
                if bar is not None:
                    bar.update(1)

            crawl(app, store, chosen, tell, workers, _complain)
    if as_json:
        click.echo(json.dumps(told_later, ensure_ascii=False, indent=2))
    elif many:
        click.echo("".join(f"{lines}\n" for lines in told_later), nl=False)
        click.echo(f"Checked {done['good']} of {done['pages']} pages; {done['changed']} changed.")
    click.get_current_context().exit(0 if done["good"] == done["pages"] else 1)


def _complain(said: str) -> None:
    click.echo(f"govwatch: {said}", err=True)


def _watched(app: App, tx: Transaction, page: PageRow) -> PageRow:
    if not page.scheduled:
        schedule = page.schedule or to_text(ONCE_A_DAY)
        draft = PageDraft(
            page.url, page.name, page.origin, True, page.profile, schedule, page.labels, page.watch, page.priority
        )
        tx.put_page(draft, app.now())
    return tx.find_pages(page.url)[0]
