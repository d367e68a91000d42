"""Reports to standard output, or to the end of a file."""

import os
import sys
from pathlib import Path

from core.errors import DeliveryError
from reports.channels.values import Notice, Send


def to_stdout(name: str) -> Send:
    """Return what prints reports as text."""

    def send(notice: Notice) -> None:
        try:
            sys.stdout.write(f"{notice.text}\n")
            sys.stdout.flush()
        except OSError as error:
            raise DeliveryError(name, f"standard output: {error.strerror or error}") from error

    return send


def to_file(name: str, path: Path) -> Send:
    """Return what appends reports to a file, one JSON object on each line, on the disk before it returns.

    Raises DeliveryError where it cannot be written to.
    """
    if not path.parent.is_dir():
        raise DeliveryError(name, f"there is no folder {path.parent}; make it, or give another path", is_final=True)
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise DeliveryError(name, f"{path} cannot be written to; check the path and its permissions", is_final=True)

    def send(notice: Notice) -> None:
        try:
            is_new, begin = not path.exists(), "\n" if _is_torn(path) else ""
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{begin}{notice.json}\n")
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                _sync_folder(path.parent)
        except OSError as error:
            raise DeliveryError(name, f"{path}: {error.strerror or error}; check the path and the disk") from error

    return send


def _is_torn(path: Path) -> bool:
    """Tell whether the last line was not finished: killed meanwhile, or the disk was full. The next begins anew."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file survive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
