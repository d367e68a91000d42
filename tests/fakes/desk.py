"""A user's desk: a folder with a configuration, and the command typed there, in this process."""

import contextlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from govwatch.__main__ import run

CONFIG = """
[crawl]
allow_networks = ["127.0.0.0/8"]
delay = "0s"
retries = 0
timeout = "1s"
deadline = "2s"
"""


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit status, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote, read as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """A folder in which commands are typed: `desk.run("crawl", url)`."""

    folder: Path

    def configure(self, text: str = "") -> None:
        """Write a configuration that may fetch from loopback, and what else is given."""
        (self.folder / "govwatch.toml").write_text(CONFIG + text, encoding="utf-8")

    def run(self, *words: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Ran:
        """Run `govwatch` with these words."""
        out, err = _stream(), _stream()
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            with (
                patch("sys.argv", ["govwatch", *words]),
                patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
                patch.dict(os.environ, env or {}),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                code = _exit_status()
        finally:
            os.chdir(here)
        return Ran(code, _written(out), _written(err))


def _exit_status() -> int:
    try:
        run()
    except SystemExit as ended:
        return int(ended.code or 0)
    raise AssertionError("the command did not exit")


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8", "replace")
