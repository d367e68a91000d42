"""Entry point of the command: runs the CLI and turns every known error into one plain line."""

import io
import os
import sys
from contextlib import suppress

from govwatch.loading import loading

with loading():
    import click

    from core.errors import GovwatchError
    from govwatch.cli import cli

USAGE = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command, and end the process at once: to take all modules apart takes 10 ms, and nobody needs that."""
    try:
        run()
    except SystemExit as ended:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(int(ended.code or 0))


def run() -> None:
    """Run the command and exit: 0 done, 1 some page failed, 2 usage, configuration or database."""
    _prepare_output()
    try:
        code = cli.main(prog_name="govwatch", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code)
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
    except OSError as error:
        # Everything of ours that may fail on a file says so itself; what is left is the output.
        click.echo(f"govwatch: the output cannot be written: {error.strerror or error}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(USAGE)


def _prepare_output() -> None:
    """Let no output fail for its encoding, nor for being closed: what cannot be shown is escaped."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - open for as long as the process runs.
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


# CPython keeps frames in chunks of 16 KB, and maps and unmaps the next one whenever a call passes the end of one. Where
# that end lay within a loop or an import, it did so up to 41,000 times, a tenth of the CPU of checking 1,000 pages. A
# first frame that asks for so many words gets a chunk of 64 KB, most of which is left to all others.
main.__code__ = main.__code__.replace(co_stacksize=3_100)


if __name__ == "__main__":
    main()
