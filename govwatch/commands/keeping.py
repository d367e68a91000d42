"""`govwatch add`, `pause`, `resume` and `remove`: which pages are watched."""

from collections.abc import Callable

import click

from config.asked import checked_name, checked_schedule, checked_url
from config.schedule import from_text, in_words, to_text
from config.settings import PRIORITIES
from core.model import FIELDS
from govwatch.app import App
from govwatch.command import command, one_page
from govwatch.pages import sync
from govwatch.writing import writing
from storage import keeping
from storage.rows import PageDraft, PageRow
from storage.write import Transaction


@command(
    "add",
    """
    govwatch add https://www.sc.gov.cn/10462/2017/5/22/page.shtml --every 6h
    govwatch add https://www.sc.gov.cn/ --every 30m --window "mon-fri 08:00-18:00" --priority high
    govwatch add https://www.sc.gov.cn/10462/2017/5/22/page.shtml --cron "0 8 * * 1-5" --label education
    """,
)
@click.argument("url")
@click.option("--name", default="", help="A name to call the page by.")
@click.option("--every", metavar="TIME", help="Check each time this has passed, such as 30m, 6h, 1d [default: 1d].")
@click.option("--cron", "cron_line", metavar="LINE", help="Check at the times of a cron line (Asia/Shanghai).")
@click.option("--window", "hours", metavar="HOURS", help='Only at these hours: "mon-fri 08:00-18:00" (Asia/Shanghai).')
@click.option(
    "--priority", type=click.Choice(PRIORITIES), default="normal", help="Which of a host's due pages go first."
)
@click.option("--profile", default="", help="Read the page by this profile.")
@click.option("--label", "labels", multiple=True, help="A label; may be given more than once.")
@click.option("--field", "watch", multiple=True, type=click.Choice(FIELDS), help="Tell only changes of this field.")
def add_command(
    app: App,
    url: str,
    name: str,
    every: str | None,
    cron_line: str | None,
    hours: str | None,
    priority: str,
    profile: str,
    labels: tuple[str, ...],
    watch: tuple[str, ...],
) -> None:
    """Watch a page from now on.

    The daemon (`govwatch run`) checks it on its schedule.
    """
    schedule = checked_schedule(every, cron_line, hours)
    url = checked_url(url)
    app.reader_of(url, profile)
    draft = PageDraft(
        url=url,
        name=checked_name(name),
        scheduled=True,
        profile=profile,
        schedule=to_text(schedule),
        labels=labels,
        watch=watch or FIELDS,
        priority=PRIORITIES.index(priority),
    )
    with writing(app) as store, store.transaction() as tx:
        sync(app, tx)
        page = keeping.add(tx, draft, app.now())
    click.echo(f"page {page} is watched {in_words(schedule)}: {url}")


@command("pause", "govwatch pause 3")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
def pause_command(app: App, pages: tuple[str, ...]) -> None:
    """Stop checking pages, until resumed."""
    _change(app, pages, keeping.pause, lambda page: "paused")


@command("resume", "govwatch resume 3")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
def resume_command(app: App, pages: tuple[str, ...]) -> None:
    """Check paused or removed pages again."""
    _change(app, pages, lambda tx, page: keeping.resume(tx, page, app.now()), _resumed)


@command("remove", "govwatch remove 3")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
def remove_command(app: App, pages: tuple[str, ...]) -> None:
    """Stop watching pages; their history stays."""
    _change(app, pages, keeping.remove, lambda page: "no longer watched; its history stays")


def _change(
    app: App,
    references: tuple[str, ...],
    change: Callable[[Transaction, PageRow], None],
    told: Callable[[PageRow], str],
) -> None:
    with writing(app) as store:
        with store.transaction() as tx:
            sync(app, tx)
            pages = [one_page(tx, reference) for reference in references]
            for page in pages:
                change(tx, page)
        for page in pages:
            click.echo(f"page {page.id} is {told(page)}: {page.url}")


def _resumed(page: PageRow) -> str:
    if not page.scheduled:
        return "active again, but has no schedule (give it one with `govwatch add`)"
    return f"checked again {in_words(from_text(page.schedule))}"
