"""`govwatch replay`: history read again under today's rules."""

import click

from govwatch.app import App
from govwatch.command import command, one_page
from govwatch.pages import sync
from govwatch.writing import writing
from reports.plain import count


@command("replay", "govwatch replay --dry-run\ngovwatch replay --page 3")
@click.option("--page", metavar="PAGE", help="Only this page.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only list what would appear and vanish.")
def replay_command(app: App, page: str | None, is_dry: bool) -> None:
    """Read history again under today's rules.

    After a rule or profile was edited, every stored capture is read again. Nothing is lost and nobody is alarmed: what
    newly shows in the past is listed here once; a change that was told and is none under these rules is marked.
    """
    from govwatch.replaying import replay_pages
    from govwatch.telling import told_replayed

    done = 0
    with writing(app) as store:
        with store.transaction() as tx:
            sync(app, tx)
            pages = [one_page(tx, page)] if page else tx.pages()
        for replayed in replay_pages(app, store, pages, is_dry):
            done += 1
            click.echo(told_replayed(replayed))
    said = "would be read again" if is_dry else "read again"
    click.echo(f"{count(done, 'page')} {said}." if done else "Every page was read under today's rules already.")
