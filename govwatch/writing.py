"""Opening the database for a command that writes: while the daemon is writing, it waits and says so."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from govwatch.app import App
from storage.write import Store, open_store


@contextmanager
def writing(app: App) -> Iterator[Store]:
    """Open the database for writing; another writer is waited for about a minute. Raises StorageError."""
    with open_store(app.database, on_wait=lambda said: click.echo(f"govwatch: {said}", err=True)) as store:
        yield store
