"""Entry point of the command: runs the CLI and turns every known error into one plain line."""

import os
import sys

import click

from core.errors import GovwatchError
from govwatch.cli import cli

USAGE = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command and exit: 0 done, 1 some page failed, 2 usage, configuration or database."""
    try:
        sys.exit(cli.main(prog_name="govwatch", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except GovwatchError as error:
        click.echo(f"govwatch: {error}", err=True)
        sys.exit(USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("govwatch: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`govwatch changes | head`); closing quietly is what it expects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
