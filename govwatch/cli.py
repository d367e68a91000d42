"""The command group: loads a command's module only when that command runs, so that reading stays quick."""

from importlib import import_module

import click

from core.version import VERSION
from govwatch.loading import loading

COMMANDS = {
    "crawl": "crawling",
    "run": "running",
    "add": "keeping",
    "pause": "keeping",
    "resume": "keeping",
    "remove": "keeping",
    "import": "importing",
    "list": "reading",
    "status": "status",
    "history": "reading",
    "show": "reading",
    "changes": "reading",
    "diff": "reading",
    "report": "reporting",
    "serve": "serving",
    "extract": "extracting",
    "probe": "extracting",
    "init": "configuring",
    "check-config": "configuring",
    "rules": "rules",
    "replay": "replaying",
    "backup": "backup",
    "prune": "prune",
    "stats": "stats",
    "compact": "compact",
    "doctor": "doctor",
    "demo": "demo",
}
"""Each command and the module under `govwatch.commands` that defines it."""


class LazyGroup(click.Group):
    """A group whose commands are imported on use: Scrapy alone, all of it, costs 320 ms."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        with loading():
            module = import_module(f"govwatch.commands.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name.replace("-", "_") + "_command")
        assert isinstance(command, click.Command)
        return command


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"govwatch {VERSION}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
@click.option(
    "--config", "config_path", metavar="FILE", help="Configuration file [default: govwatch.toml where it exists]."
)
@click.option("--db", "database", metavar="FILE", help="Database file [default: govwatch.db, or GOVWATCH_DB].")
@click.pass_context
def cli(ctx: click.Context, config_path: str | None, database: str | None) -> None:
    """Watch government pages and tell what changed.

    \b
    govwatch crawl https://www.sc.gov.cn/some/page.shtml   fetch a page now and keep it
    govwatch changes                                       what changed
    govwatch diff 1                                        the words that changed
    """
    ctx.obj = {"config_path": config_path, "database": database}
