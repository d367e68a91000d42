"""The load site of `make bench`: what it changes is told, and nothing else, in every round."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

BENCH = Path(__file__).parents[1] / "bench"
PAGES = 100


def visit(port: int, database: Path, round_name: str) -> dict[str, float]:
    urlopen(f"http://127.0.0.1:{port}/round/{round_name}", timeout=30).close()
    urls = [f"http://127.0.0.1:{port}/article/{number}.html" for number in range(PAGES)]
    given = {"urls": urls, "database": str(database), "round": round_name, "by_stage": False}
    command = [sys.executable, str(BENCH / "visit.py")]
    run = subprocess.run(command, input=json.dumps(given), check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)


def test_every_edit_and_nothing_else_is_told_in_every_round_of_the_load_site(tmp_path: Path) -> None:
    command = [sys.executable, str(BENCH / "loadsite.py")]
    changed = {"first": 0, "unchanged": 0, "noise": 0, "noise-again": 0, "edits": 10, "faults": 2, "not-modified": 0}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as site:
        try:
            port = int(site.stdout.readline())
            for round_name, expected in changed.items():
                told = visit(port, tmp_path / "load.db", round_name)
                assert (told["recall"], told["precision"], told["wrong_verdicts"]) == (1.0, 1.0, 0), round_name
                assert told["changed_fields"] == expected, round_name
        finally:
            site.kill()
