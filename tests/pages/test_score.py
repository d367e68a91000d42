"""Claims about the score on the real pages beside the checkout; skipped where they are not there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT.parent / "shared" / "pages"
LEAST = {"title": 43, "published": 43, "source": 43, "editor": 43, "body": 42, "attachments": 43}
LEAST_EVERY_FIELD = 41


def score(*arguments: str) -> str:
    command = [sys.executable, str(ROOT / "bench" / "score.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def test_without_the_pages_the_score_says_so_and_ends_well(tmp_path: Path) -> None:
    assert score("--pages", str(tmp_path)).startswith("Nothing was scored: there are no pages with gold at ")


@pytest.mark.skipif(not PAGES.is_dir(), reason="the pages with their gold are not beside this checkout")
def test_the_real_pages_are_read_right() -> None:
    shown = score()
    totals = json.loads(shown[shown.index("{") :])
    assert {name: right for name, right in totals["right"].items() if right < LEAST[name]} == {}
    assert totals["every_field"] >= LEAST_EVERY_FIELD
    assert totals["not_ok"] == 0
    assert totals["challenges_right"] == totals["challenges"]
    assert (totals["pairs"]["missed"], totals["pairs"]["partial"], totals["pairs"]["false_alarms"]) == (0, 0, 0)
