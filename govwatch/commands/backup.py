"""`govwatch backup`: a copy of the database, made while others write to it."""

from pathlib import Path

import click

from govwatch.app import App
from govwatch.command import command
from reports.plain import count
from storage.backup import back_up


@command("backup", "govwatch backup /mnt/backup/govwatch.db\ngovwatch backup /mnt/backup/govwatch.db --overwrite")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", "is_overwriting", is_flag=True, help="Replace FILE where it is there.")
def backup_command(app: App, file: Path, is_overwriting: bool) -> None:
    """Copy the database, also while the daemon runs.

    FILE appears only when the copy is whole and was checked by opening it. It is a database like any other: to restore,
    stop the daemon and put it in the place of the database, without the -wal and -shm files of the old one.
    """
    made = back_up(app.database, file, is_overwriting)
    rows = made.rows
    held = (("page", "page"), ("version", "version"), ("page_check", "check"), ("change", "change"))
    told = ", ".join(count(rows[table], noun) for table, noun in held)
    click.echo(f"{file}: {made.bytes} bytes, {told}; checked")
