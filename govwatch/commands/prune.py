"""`govwatch prune`: letting go what is old and found nothing new, by the settings of retention."""

import json

import click
from msgspec.structs import asdict

from core.errors import UsageError
from govwatch.app import App
from govwatch.command import command, json_option
from govwatch.pruning import has_retention, told_pruned
from storage.retention import prune, would_prune


@command("prune", "govwatch prune --dry-run\ngovwatch prune")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only show what would go.")
@json_option
def prune_command(app: App, is_dry: bool, as_json: bool) -> None:
    """Let go what is old and found nothing new.

    What that is says [retention] in the configuration; without it everything is kept. Versions, changes, the history of
    every page and what a replay gives stay. The daemon does this once a day.
    The room is used again for what comes; `compact` gives it back.
    """
    if not has_retention(app):
        where = app.settings.path or "a configuration"
        raise UsageError(f"nothing is ever pruned without captures_after or checks_after under [retention] in {where}")
    pruned = (would_prune if is_dry else prune)(app.database, app.settings.retention, app.now())
    if as_json:
        click.echo(json.dumps(asdict(pruned), indent=2))
        return
    for line in told_pruned(pruned, is_dry):
        click.echo(line)
