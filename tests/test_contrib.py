"""The units of systemd: each says what systemd understands, and calls the command as it is."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from govwatch.cli import cli

UNITS = sorted((Path(__file__).parents[1] / "contrib").iterdir())
EXPOSURE = 2.0
"""What `systemd-analyze security` calls OK; 10 is without any protection."""


def calls() -> list[str]:
    return [line for unit in UNITS for line in unit.read_text(encoding="utf-8").splitlines() if "bin/govwatch" in line]


@pytest.mark.parametrize("call", calls())
def test_a_unit_calls_a_command_with_options_it_has(call: str) -> None:
    words = call.split("bin/govwatch ")[1].split()
    context = click.Context(cli)
    name = next(word for word in words if cli.get_command(context, word))
    command = cli.get_command(context, name)
    assert command is not None
    known = {option for one in (*cli.params, *command.params) for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not there")
def test_systemd_finds_nothing_wrong_and_little_exposed(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/govwatch/bin/govwatch", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = sorted(map(str, tmp_path.iterdir()))
    verified = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    for file in files:
        if file.endswith(".service"):
            told = subprocess.run(
                ["systemd-analyze", "security", "--offline=yes", file], capture_output=True, text=True, check=False
            )
            found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told.stdout)
            assert found, told.stdout + told.stderr
            assert float(found[1]) <= EXPOSURE
