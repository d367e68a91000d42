"""`govwatch compact`: the same bodies in less room."""

import click

from govwatch.app import App
from govwatch.command import command
from govwatch.words import size_words
from reports.plain import count
from storage.compact import compact


@command("compact", "govwatch compact")
def compact_command(app: App) -> None:
    """Pack the database tighter.

    Keyframes of pages are packed against another page of their host, which has the same frame, and free room is given
    back. Every body is checked bit for bit before and after; cut off, the next run goes on. It may run beside the
    daemon, which waits while the file is written anew, and needs as much free space as the database has.
    """
    done = compact(app.database)
    click.echo(
        f"{app.database}: {size_words(done.bytes_before)} -> {size_words(done.bytes_after)}; "
        f"{count(done.packed, 'keyframe')} packed anew; bodies checked before and after: {done.bodies}"
    )
