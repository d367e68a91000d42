"""Beside urlwatch: 1,000 unchanged pages with noise, whole processes with their start-up, on one site in one run.

Prints JSON. urlwatch gets a virtual environment of its own and the leanest job that sees no noise: an XPath and its
text. Where it cannot be installed, that is said and nothing is measured.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from load import begin, load_site
from loadsite import urls

BAR = 0.37
VENV = Path(__file__).parents[1] / ".venv-urlwatch"
BIN = Path(sys.executable).parent
SETTINGS = """
[crawl]
allow_networks = ["127.0.0.0/8"]
delay = "0s"
concurrency = 16
concurrency_per_host = 16
obey_robots = false
"""


def installed() -> bool:
    """Install urlwatch where it is not yet; tell whether it is there."""
    if not (VENV / "bin" / "urlwatch").is_file():
        for command in (
            [sys.executable, "-m", "venv", str(VENV)],
            [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "urlwatch==2.29"],
        ):
            if subprocess.run(command, check=False).returncode:
                return False
    return True


def cpu_s(command: list[str]) -> float:
    """Return the seconds of CPU of a whole process."""
    # As where it is installed: there the modules are compiled once.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, f"{command} ended with status {status}"
    return used.ru_utime + used.ru_stime


def urlwatch(folder: Path, addresses: list[str]) -> list[str]:
    """Return the command that checks all pages, its configuration written."""
    jobs = [f"url: {url}\nfilter:\n  - xpath: //*[@id='cmsArticleContent']\n  - html2text: re\n" for url in addresses]
    (folder / "urls.yaml").write_text("---\n".join(jobs))
    (folder / "urlwatch.yaml").write_text("report:\n  text:\n    line_length: 75\n  stdout:\n    enabled: true\n")
    files = {"urls": "urls.yaml", "config": "urlwatch.yaml", "cache": "cache.db", "hooks": "hooks.py"}
    return [str(VENV / "bin" / "urlwatch"), *(f"--{name}={folder / file}" for name, file in files.items())]


def govwatch(folder: Path, addresses: list[str]) -> list[str]:
    """Return the command that checks all pages, its configuration written."""
    listed = json.dumps(addresses)
    (folder / "govwatch.toml").write_text(f'{SETTINGS}\n[[target]]\nname = "load"\nurls = {listed}\n')
    return [str(BIN / "govwatch"), "--config", str(folder / "govwatch.toml"), "crawl", "--all"]


def measure(pages: int, runs: int) -> dict[str, object]:
    """Fill both, then check unchanged pages in turns; CPU milliseconds per page.

    The round before, `learning`, is that in which govwatch learns where the noise of a page is.
    """
    costs: dict[str, list[float]] = {"urlwatch": [], "govwatch": []}
    with load_site(0) as port, TemporaryDirectory() as folder:
        begin(port, "first")
        addresses = urls(port, pages)
        commands = {"urlwatch": urlwatch(Path(folder), addresses), "govwatch": govwatch(Path(folder), addresses)}
        for command in commands.values():
            cpu_s(command)
        begin(port, "noise")
        learning = cpu_s(commands["govwatch"]) * 1000 / pages
        for _ in range(runs):
            begin(port, "noise")
            for name, command in commands.items():
                costs[name].append(cpu_s(command) * 1000 / pages)
    medians = {name: round(median(cost), 2) for name, cost in costs.items()}
    medians["learning"] = round(learning, 2)
    return {"pages": pages, "cpu_ms": medians, "ratio": round(medians["govwatch"] / medians["urlwatch"], 2), "bar": BAR}


def main() -> None:
    """Measure, where urlwatch can be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    if not installed():
        print("Not compared with urlwatch: it cannot be installed here.")
        return
    print(json.dumps(measure(given.pages, given.runs), indent=2))


if __name__ == "__main__":
    main()
