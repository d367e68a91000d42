"""`govwatch run`: the daemon in the foreground."""

from errno import EDQUOT, ENOSPC

import click

from config.schedule import in_words
from core.errors import GovwatchError, UsageError
from govwatch.app import App
from govwatch.command import command, workers_option
from govwatch.loading import loading
from govwatch.pages import schedule_of, sync
from govwatch.words import when
from govwatch.writing import writing
from reports.plain import count
from storage.holding import hold_for_daemon
from storage.write import open_store

MOST_LISTED = 20
BUSY_S = 1.0
"""How long the daemon waits for another writer before it tries again later: meanwhile nothing is fetched."""


@command("run", "govwatch run --config govwatch.toml\ngovwatch run --log-json >> govwatch.log")
@click.option("--log-json", "is_json", is_flag=True, help="Tell each event as one JSON object on a line.")
@workers_option
def run_command(app: App, is_json: bool, workers: int | None) -> None:
    """Check watched pages on their schedules.

    Runs until stopped (Ctrl-C or SIGTERM); fetches under way are finished first. Each check is told in a line.
    """
    with loading():
        from govwatch.delivering import left_over
        from govwatch.events import Event, line, log_line, said_event
        from govwatch.replanning import replan
        from govwatch.running import run
        from scheduler.daemon import signals_held

    if is_json and any(channel.kind == "stdout" for channel in app.settings.channels):
        raise UsageError("--log-json and a channel of the kind stdout would share one output; leave one out")

    def tell(event: Event) -> None:
        _write(log_line(event) if is_json else line(event))

    def say(kind: str, said: str) -> None:
        tell(said_event(app.now(), kind, said))

    with writing(app) as store:
        hold_for_daemon(app.database)
        with store.transaction() as tx:
            sync(app, tx)
        late = replan(app, store)
        watched, first = store.reading().watched(), store.reading().next_pages(MOST_LISTED)
    with open_store(app.database, BUSY_S) as store, signals_held():
        say("started", f"watching {count(watched, 'page')}, database {app.database}")
        for page in () if is_json else first:
            schedule = in_words(schedule_of(page.schedule))
            _write(f"{'':18}{page.id:>4}  {schedule}, next {when(page.next_due)}  {page.url}")
        if late:
            say("clock", f"{count(late, 'page')} due later than the schedule says, as by another clock; planned anew")
        for said in left_over(app):
            say("delivery", said)
        try:
            run(app, store, tell, workers)
        except GovwatchError as error:
            say("failed", str(error))
            raise
        say("stopped", "stopped")


def _write(text: str) -> None:
    """Write what is told; a disk too full for it does not end the daemon, since the database has all that it says."""
    try:
        click.echo(text)
    except OSError as error:
        if error.errno not in (ENOSPC, EDQUOT):
            raise
