"""The daemon as a process of its own, its output read by a thread."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

COMMAND = (sys.executable, "-u", "-m", "govwatch", "run")


class Running:
    """A running `govwatch run`; `lines` is what it said so far."""

    def __init__(self, folder: Path, env: Mapping[str, str], command: Sequence[str] = COMMAND) -> None:
        self.process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        self.lines: list[str] = []
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_until(self, is_so: Callable[[], bool], most_s: float = 60.0) -> bool:
        """Wait until something is so; tell whether it came while the process lived and in time."""
        until_s = time.monotonic() + most_s
        while not is_so():
            if self.process.poll() is not None or time.monotonic() > until_s:
                return is_so()
            time.sleep(0.02)
        return True

    def wait(self, most_s: float = 60.0) -> int:
        """Wait for the end; return the exit status, negative for a signal."""
        status = self.process.wait(most_s)
        self._reader.join(most_s)
        return status

    def stop(self) -> int:
        """Ask for the end with SIGTERM; return the exit status. It has 10 seconds."""
        self.process.terminate()
        return self.wait(10)

    def status_mb(self, name: str) -> float:
        """Return a size of the process: `VmRSS` as it is now, `VmHWM` at its peak."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition(f"{name}:")[2].split()[0]) / 1024

    @property
    def descriptors(self) -> int:
        """How many file descriptors the process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def said(self) -> str:
        """All that it said."""
        return "".join(self.lines)


@contextmanager
def running(folder: Path, env: Mapping[str, str], command: Sequence[str] = COMMAND) -> Iterator[Running]:
    """Run the daemon in a folder with its configuration; whatever happens, it is gone at the end."""
    daemon = Running(folder, env, command)
    try:
        yield daemon
    finally:
        if daemon.process.poll() is None:
            daemon.process.kill()
        daemon.wait()


def pids_of_workers(of: int) -> list[int]:
    """Return the processes that fetch for a daemon or a crawl."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(of)], capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "govwatch.worker" in line]


def _is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def all_gone(pids: list[int]) -> bool:
    """Tell whether processes are gone within ten seconds."""
    until_s = time.monotonic() + 10
    while any(map(_is_alive, pids)) and time.monotonic() < until_s:
        time.sleep(0.02)
    return not any(map(_is_alive, pids))
