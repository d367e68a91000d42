"""Processes whose write, sync and send calls are counted, cut off, refused or recorded: what disk.c can be told."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from errno import ENOSPC
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler to build tests/fakes/disk.c with")


@cache
def library() -> Path:
    """Build the library once per process; return its file."""
    built = Path(tempfile.mkdtemp(prefix="disk-")) / "disk.so"
    source = Path(__file__).with_name("disk.c")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True)
    return built


def environment(**asked: object) -> dict[str, str]:
    """Return the environment of a process that is asked this of disk.c, as `kill_at=7`. It measures no coverage."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    kept |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    preload = {"LD_PRELOAD": str(library())} if asked else {}
    return kept | preload | {f"DISK_{name.upper()}": str(value) for name, value in asked.items()}


def failing(first: int, calls: int, error: int = ENOSPC) -> dict[str, object]:
    """Return what to ask for so that these calls on the database fail."""
    return {"fail": error, "fail_from": first, "fail_for": calls}


def counted(file: Path) -> int:
    """Return how many calls a process made that was asked to `count` into a file."""
    return int.from_bytes(file.read_bytes(), "little")


@dataclass(frozen=True)
class Call:
    """One call that changed or synced a file, or wrote to descriptor 1 (`told`)."""

    kind: Literal["write", "truncate", "sync", "unlink", "told"]
    path: str
    offset: int = 0
    data: bytes = b""


def recorded(file: Path) -> Iterator[Call]:
    """Return the calls of a process that was asked to `record` into a file, in their order."""
    with file.open("rb") as log:
        while line := log.readline():
            name, fd, offset, length, path = line.decode().rstrip("\n").split(" ", 4)
            kind = "told" if fd == "1" else name
            yield Call(kind, path, int(offset), log.read(int(length)))  # type: ignore[arg-type]
