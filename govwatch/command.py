"""The shape of every command: its options for configuration and database, and the app it gets from them."""

from collections.abc import Callable
from functools import update_wrapper
from inspect import cleandoc
from typing import Any

import click

from core.errors import UsageError
from govwatch.app import open_app
from storage.read import Reader
from storage.rows import PageRow

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Fetch and read in so many processes, each host in one of them; else as many as are useful on this machine.",
)


def command(name: str, examples: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of a function whose first argument is the App; `--config` and `--db` may stand behind it too."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        def run(config_path: str | None, database: str | None, **given: Any) -> Any:
            outer = click.get_current_context().obj
            app = open_app(config_path or outer["config_path"], database or outer["database"])
            return function(app, **given)

        options = [
            click.option("--config", "config_path", metavar="FILE", help="Configuration file."),
            click.option("--db", "database", metavar="FILE", help="Database file."),
        ]
        wrapped: Any = update_wrapper(run, function)
        for option in options:
            wrapped = option(wrapped)
        help_text = f"{cleandoc(function.__doc__ or '')}\n\n\b\nExamples:\n" + "\n".join(
            f"  {line.strip()}" for line in examples.strip().splitlines()
        )
        made: click.Command = click.command(name, help=help_text)(wrapped)
        return made

    return decorate


def one_page(reader: Reader, reference: str) -> PageRow:
    """Return the page a user named by number, URL or name. Raises UsageError."""
    pages = reader.find_pages(reference)
    if len(pages) == 1:
        return pages[0]
    if pages:
        listed = ", ".join(f"{page.id} ({page.url})" for page in pages[:5])
        raise UsageError(f"{reference!r} names {len(pages)} pages: {listed}; give a number")
    raise UsageError(f"there is no page {reference!r}; `govwatch list` shows the pages, by number, name and URL")
