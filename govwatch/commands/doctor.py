"""`govwatch doctor`: what may keep govwatch from working, and what to do about it."""

import json
from typing import Any

import click
from msgspec.structs import asdict

from core.errors import ConfigError
from govwatch.app import open_app
from govwatch.command import json_option
from govwatch.words import safe

_UNSOUND = 1


@click.command("doctor")
@click.option("--config", "config_path", metavar="FILE", help="Configuration file.")
@click.option("--db", "database", metavar="FILE", help="Database file.")
@json_option
@click.pass_obj
def doctor_command(outer: dict[str, Any], config_path: str | None, database: str | None, as_json: bool) -> int:
    """Tell what may keep govwatch from working.

    It looks at the machine, the configuration, the whole database, and whether the channels can be reached, without
    sending anything. Exit status: 0 nothing is wrong (there may be warnings), 1 something is.

    \b
    Examples:
      govwatch doctor
      govwatch doctor --json
    """
    from govwatch.examining import Found, Level, examination, machine

    try:
        app = open_app(config_path or outer["config_path"], database or outer["database"])
    except ConfigError as error:
        wrong = [Found(Level.WRONG, "configuration", said, "correct the file") for said in error.problems]
        found = [*machine(), *wrong]
    else:
        found = list(examination(app))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            advice = f"\n{'':10}{safe(one.advice)}" if one.advice else ""
            click.echo(f"{one.level:<8}  {safe(one.subject)}: {safe(one.what)}{advice}")
    return _UNSOUND if any(one.level is Level.WRONG for one in found) else 0
