"""Where output goes wrong: closed, full, in an encoding without Chinese. Never a traceback, never a lost check."""

import json
import os
import subprocess
import sys

import pytest
from fakes.desk import Desk

from govwatch.demo.article import TITLE, article_html

URL = "https://www.sc.gov.cn/a.shtml"


@pytest.fixture
def kept(desk: Desk) -> Desk:
    (desk.folder / "page.html").write_bytes(article_html())
    assert desk.run("import", "page.html", "--url", URL, "--at", "2024-05-01").code == 0
    return desk


def shell(desk: Desk, line: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a line in which `govwatch` is the command of this environment."""
    return subprocess.run(
        line.replace("govwatch", f"{sys.executable} -m govwatch"),
        shell=True,
        cwd=desk.folder,
        capture_output=True,
        text=True,
        errors="replace",
        env=os.environ | env,
        check=False,
    )


@pytest.mark.parametrize("words", ["list", "show 1", "show 1 --raw", "changes --json", "history 1"])
def test_an_output_that_is_closed_or_full_is_told_in_one_line(kept: Desk, words: str) -> None:
    closed = shell(kept, f"govwatch {words} >&-")
    assert (closed.returncode, closed.stderr) == (0, "")
    full = shell(kept, f"govwatch {words} >/dev/full")
    assert full.returncode == 2
    assert full.stderr == "govwatch: the output cannot be written: No space left on device\n"


def test_what_the_terminal_cannot_show_is_escaped(kept: Desk) -> None:
    shown = shell(kept, "govwatch show 1", PYTHONIOENCODING="latin-1")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert TITLE.encode("latin-1", "backslashreplace").decode() in shown.stdout


def test_lines_are_read_from_nothing_and_from_nonsense(kept: Desk) -> None:
    closed = shell(kept, "govwatch extract --jsonl <&-")
    assert (closed.returncode, closed.stderr.count("\n")) == (2, 1)
    lines = ["[" * 200_000, json.dumps({"id": "\ud800", "file": "page.html"}), '{"file": "\\ud800"}', "\xff"]
    ran = kept.run("extract", "--jsonl", stdin="\n".join(lines).encode("latin-1"))
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 1
    assert ["error" in answer for answer in answers] == [True, False, True, True]
