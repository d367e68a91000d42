"""The house: dependencies point one way, by the contracts in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_dependencies_point_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_difflib_is_not_used() -> None:
    packages = ("config", "core", "crawler", "storage", "reports", "scheduler", "web", "govwatch")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    assert files
    assert not [file for file in files if "difflib" in file.read_text(encoding="utf-8")]


def test_no_committed_file_names_a_place_packages_come_from() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    assert sum("--hash=sha256:" in line for line in lines) > 50
