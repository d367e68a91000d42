"""`govwatch init` and `govwatch check-config`."""

from importlib.resources import files
from pathlib import Path

import click

from config.schedule import in_words
from core.errors import UsageError
from govwatch.app import CONFIG_NAME, App
from govwatch.command import command
from reports.plain import count


@click.command("init")
@click.argument("path", default=CONFIG_NAME)
def init_command(path: str) -> None:
    """Write a sample configuration to start from.

    \b
    Example:
      govwatch init
    """
    file = Path(path)
    if file.exists():
        raise UsageError(f"{file} is there already and was left as it is; give another path")
    try:
        file.write_bytes(files("config").joinpath("sample.toml").read_bytes())
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror or error}") from error
    click.echo(f"Wrote {file}. Put your pages in, then: govwatch check-config")


@command("check-config", "govwatch check-config")
def check_config_command(app: App) -> None:
    """Check the configuration file.

    Everything that is wrong with it is told at once.
    """
    if not app.settings.path:
        raise UsageError(f"there is no {CONFIG_NAME} here; write one with `govwatch init`, or name one with --config")
    from govwatch.delivering import senders

    app.check_profiles()
    senders(app)
    for target in app.settings.targets:
        click.echo(f"{target.name:<20} {in_words(target.schedule):<16} {target.url}")
    click.echo(f"{app.settings.path} is good: {count(len(app.settings.targets), 'page')}, database {app.database}")
