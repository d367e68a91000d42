"""One daemon per database: it holds the file until its process ends, however that ends."""

import fcntl
import os
from pathlib import Path

from core.errors import StorageError


def hold_for_daemon(path: Path) -> None:
    """Hold a database for this process. Raises StorageError where another daemon holds it.

    The lock (flock(2)) is on the file itself, so no other spelling or link leads around it, and the system lets go of
    it with the process, also after kill -9. SQLite's own locks (fcntl(2)) are of another kind, but to close the file
    here would drop those of this process: it stays open, held or not.
    """
    try:
        fcntl.flock(os.open(path, os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StorageError(f"database {path}: another `govwatch run` is at work on it; there can be only one") from None
    except OSError as error:
        raise StorageError(f"database {path}: it cannot be held for one daemon: {error.strerror}") from error
