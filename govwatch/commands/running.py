"""`govwatch run`: the daemon in the foreground."""

import click

from config.schedule import in_words
from govwatch.app import App
from govwatch.command import command
from govwatch.pages import schedule_of, sync
from govwatch.words import safe, when
from reports.folding import count
from storage.write import open_store


@command("run", "govwatch run --config govwatch.toml")
def run_command(app: App) -> None:
    """Check watched pages on their schedules.

    Runs until stopped (Ctrl-C or SIGTERM); fetches under way are finished first. Each check is told in a line.
    """
    from govwatch.running import run
    from govwatch.telling import told, told_replayed

    with open_store(app.database) as store:
        with store.transaction() as tx:
            sync(app, tx)
            pages = [page for page in tx.pages(("active",)) if page.scheduled]
        click.echo(f"{when(app.now())}  watching {count(len(pages), 'page')}, database {app.database}")
        for page in pages[:20]:
            click.echo(f"{'':18}{page.id:>4}  {in_words(schedule_of(page))}, next {when(page.next_due)}  {page.url}")
        run(
            app,
            store,
            lambda checked: click.echo(f"{when(app.now())}  {told(checked)}"),
            lambda replayed: click.echo(f"{when(app.now())}  {told_replayed(replayed)}"),
            lambda delivered: click.echo(f"{when(app.now())}  {safe(delivered)}"),
        )
        click.echo(f"{when(app.now())}  stopped")
