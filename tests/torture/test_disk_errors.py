"""A disk that is full, or gives errors, at any write or sync of the database: told, nothing damaged, taken up by itself."""

from contextlib import ExitStack
from errno import EIO, ENOSPC
from pathlib import Path
from queue import SimpleQueue

from fakes.daemon import running
from fakes.disk import counted, environment, failing, needs_compiler
from fakes.portal import Portal, portal
from fakes.torture import sample, side_by_side, tell

WORKERS = 4
CALLS_FAIL = 2
TOLD = {ENOSPC: "disk is full", EIO: "disk gave an error"}
pytestmark = needs_compiler


def test_an_error_at_any_write_or_sync_is_told_and_passes(tmp_path: Path) -> None:
    with ExitStack() as stack:
        ready: SimpleQueue[Portal] = SimpleQueue()
        for number in range(WORKERS):
            ready.put(stack.enter_context(portal(tmp_path / str(number))))

        def fail(point: tuple[int, int]) -> tuple[bool, list[str]]:
            here = ready.get()
            try:
                return _with_errors(here, *point)
            finally:
                ready.put(here)

        every = [(call, (ENOSPC, EIO)[call % 2]) for call in range(1, _calls(ready) + 1)]
        points = sample(every, 4)
        found = side_by_side(fail, points, WORKERS)
    wrong = {point: faults for point, (_, faults) in zip(points, found, strict=True) if faults}
    ended = sum(has_ended for has_ended, _ in found)
    tell(
        f"disk errors: {len(points)} of {len(every)} writes and syncs of the database fail, {len(wrong)} with a fault; "
        f"{ended} before the daemon was up, which then ended with a message and was started again"
    )
    assert not wrong, "\n".join(f"{point}: {faults}" for point, faults in wrong.items())


def test_a_full_disk_is_told_and_taken_up_when_there_is_space(tmp_path: Path) -> None:
    with portal(tmp_path) as here:
        here.fresh()
        full = tmp_path / "full"
        here.before_answer = full.touch
        with running(here.folder, environment(full=full, hurry=1)) as daemon:
            assert daemon.wait_until(lambda: daemon.said.count(TOLD[ENOSPC]) > 1), daemon.said
            assert not here.told()
            here.before_answer = lambda: None
            full.unlink()
            assert daemon.wait_until(here.is_at_rest), daemon.said
            assert daemon.stop() == 0
        assert here.faults() == []


def _calls(ready: "SimpleQueue[Portal]") -> int:
    """Return how many writes and syncs of the database there are when all goes well."""
    here = ready.get()
    here.fresh()
    with running(here.folder, environment(count_failing=here.folder / "calls", hurry=1)) as daemon:
        assert daemon.wait_until(here.is_at_rest), daemon.said
        assert daemon.stop() == 0
    ready.put(here)
    return counted(here.folder / "calls")


def _with_errors(here: Portal, first: int, error: int) -> tuple[bool, list[str]]:
    """Let some calls fail; tell whether the daemon ended of it at its start, and what is wrong in the end."""
    here.fresh()
    with running(here.folder, environment(hurry=1, **failing(first, CALLS_FAIL, error))) as daemon:
        is_well = daemon.wait_until(here.is_at_rest)
        has_ended = not is_well and daemon.process.poll() is not None
        faults = [] if is_well else _judged_end(daemon.said, daemon.process.poll())
        if daemon.process.poll() is None:
            daemon.stop()
    if has_ended:
        with running(here.folder, environment()) as again:
            faults += [] if again.wait_until(here.is_at_rest) else [f"not finished: {again.said}"]
            again.stop()
    return has_ended, faults + here.faults()


def _judged_end(said: str, status: int | None) -> list[str]:
    """Say what is wrong with a daemon that ended, or that did not finish: only at its start it may give up, with a line."""
    is_told = any(words in said for words in TOLD.values())
    is_fine = status == 2 and is_told and "changed" not in said and "Traceback" not in said
    return [] if is_fine else [f"exit {status}: {said}"]
