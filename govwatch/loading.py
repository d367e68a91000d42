"""When garbage is looked for: not while modules are loaded nor among them later, and rarely while pages come and go."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import in the block: looking for garbage takes a sixth of the start of a crawl."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def settled() -> None:
    """Begin to work for long: what is there stays for good, and little of what comes is garbage that is not let go.

    To look through all each time took 50 ms, in which the loop stood still; to look as often as usual, 40 µs a page.
    """
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
