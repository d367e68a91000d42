"""Where the system refuses, the user is told which permission is missing."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.checks import read, write

from core.errors import StorageError

NOBODY = 65534


@pytest.fixture
def unprivileged(tmp_path: Path) -> Iterator[Path]:
    """A folder in which this process, were it root, is somebody else for the time of a test."""
    write(tmp_path / "first.db")  # Loads what somebody else may not read, where Python is root's own.
    with tempfile.TemporaryDirectory() as folder:
        am_root = os.geteuid() == 0
        if am_root:
            try:
                os.chown(folder, NOBODY, -1)
                os.seteuid(NOBODY)
            except OSError as error:
                pytest.skip(f"root here cannot become somebody else: {error}")
        try:
            yield Path(folder)
        finally:
            if am_root:
                os.seteuid(0)
            os.chmod(folder, 0o700)


def test_a_file_that_may_only_be_read_is_told_by_a_writer(unprivileged: Path) -> None:
    file = unprivileged / "govwatch.db"
    write(file)
    file.chmod(0o444)
    before = file.read_bytes()
    with pytest.raises(StorageError, match="it cannot be written to; check the permissions of the file and its folder"):
        write(file)
    read(file)
    assert file.read_bytes() == before


def test_a_folder_that_may_only_be_read_is_told(unprivileged: Path) -> None:
    made = unprivileged / "made.db"
    write(made)
    unprivileged.chmod(0o555)
    for use, name in ((write, "new.db"), (write, "made.db")):
        with pytest.raises(StorageError, match=r"check .* permissions"):
            use(unprivileged / name)
    assert os.listdir(unprivileged) == ["made.db"]


def test_a_file_that_may_not_be_read_is_told(unprivileged: Path) -> None:
    file = unprivileged / "govwatch.db"
    write(file)
    file.chmod(0o000)
    for use in (write, read):
        with pytest.raises(StorageError, match="it cannot be opened; check that the folder exists and its permissions"):
            use(file)
