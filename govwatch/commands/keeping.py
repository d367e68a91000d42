"""`govwatch add`, `pause`, `resume` and `remove`: which pages are watched."""

from collections.abc import Callable

import click

from config.schedule import cron, from_text, in_words, parse_every, to_text
from config.settings import ONCE_A_DAY, Schedule
from core.errors import UsageError
from core.model import FIELDS
from govwatch.app import App
from govwatch.command import command, one_page
from govwatch.pages import checked_url, sync
from storage.rows import PageDraft, PageRow
from storage.write import Transaction, open_store


@command(
    "add",
    """
    govwatch add https://www.sc.gov.cn/10462/2017/5/22/page.shtml --every 6h
    govwatch add https://www.sc.gov.cn/10462/2017/5/22/page.shtml --cron "0 8 * * 1-5" --label education
    """,
)
@click.argument("url")
@click.option("--name", default="", help="A name to call the page by.")
@click.option("--every", metavar="TIME", help="Check each time this has passed, such as 30m, 6h, 1d [default: 1d].")
@click.option("--cron", "cron_line", metavar="LINE", help="Check at the times of a cron line (Asia/Shanghai).")
@click.option("--profile", default="", help="Read the page by this profile.")
@click.option("--label", "labels", multiple=True, help="A label; may be given more than once.")
@click.option("--field", "watch", multiple=True, type=click.Choice(FIELDS), help="Tell only changes of this field.")
def add_command(
    app: App,
    url: str,
    name: str,
    every: str | None,
    cron_line: str | None,
    profile: str,
    labels: tuple[str, ...],
    watch: tuple[str, ...],
) -> None:
    """Watch a page from now on.

    The daemon (`govwatch run`) checks it on its schedule.
    """
    schedule = _schedule(every, cron_line)
    url = checked_url(url)
    if name.isdigit():
        raise UsageError(f"the name {name!r} is a number; pages are numbered, so give it letters")
    app.reader_of(url, profile)
    with open_store(app.database) as store, store.transaction() as tx:
        sync(app, tx)
        if url in app.targets:
            raise UsageError(f"{url} belongs to {app.settings.path}; change it there")
        if name and any(page.url != url for page in tx.find_pages(name)):
            raise UsageError(f"the name {name!r} is taken; give another")
        draft = PageDraft(url, name, "command", True, profile, to_text(schedule), labels, watch or FIELDS)
        page = tx.put_page(draft, app.now())
    click.echo(f"page {page} is watched {in_words(schedule)}: {url}")


@command("pause", "govwatch pause 3")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
def pause_command(app: App, pages: tuple[str, ...]) -> None:
    """Stop checking pages, until resumed."""
    _set_status(app, pages, "paused", lambda page: "paused")


@command("resume", "govwatch resume 3")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
def resume_command(app: App, pages: tuple[str, ...]) -> None:
    """Check paused or removed pages again."""
    _set_status(app, pages, "active", _resumed)


@command("remove", "govwatch remove 3")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
def remove_command(app: App, pages: tuple[str, ...]) -> None:
    """Stop watching pages; their history stays."""
    _set_status(app, pages, "retired", lambda page: "no longer watched; its history stays")


def _set_status(app: App, references: tuple[str, ...], status: str, told: Callable[[PageRow], str]) -> None:
    with open_store(app.database) as store:
        with store.transaction() as tx:
            sync(app, tx)
            pages = [_changeable(app, tx, reference, status) for reference in references]
            for page in pages:
                tx.set_status(page.id, status)
                if status == "active":
                    tx.watch_from(page.id, app.now())
        for page in pages:
            click.echo(f"page {page.id} is {told(page)}: {page.url}")


def _changeable(app: App, tx: Transaction, reference: str, status: str) -> PageRow:
    page = one_page(tx, reference)
    if status == "paused" and page.status == "retired":
        raise UsageError(
            f"page {page.id} is not watched; `govwatch resume {page.id}` or `govwatch add` watches it again"
        )
    if status == "retired" and page.url in app.targets:
        raise UsageError(f"page {page.id} belongs to {app.settings.path}; take it out of there")
    return page


def _resumed(page: PageRow) -> str:
    if not page.scheduled:
        return "active again, but has no schedule (give it one with `govwatch add`)"
    return f"checked again {in_words(from_text(page.schedule))}"


def _schedule(every: str | None, cron_line: str | None) -> Schedule:
    if every and cron_line:
        raise UsageError("give one of --every and --cron")
    try:
        if cron_line:
            return cron(cron_line)
        return parse_every(every) if every else ONCE_A_DAY
    except ValueError as error:
        raise UsageError(str(error)) from error
