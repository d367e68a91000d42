"""Loading of modules: nothing of them is ever garbage, so it is not looked for meanwhile, nor among them later.

From then on garbage is looked for seldom, in the whole process.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 10_000
"""Garbage is looked for in so many new objects: 5 µs a page of a first crawl, where the usual 700 took 22."""


@contextmanager
def loading() -> Iterator[None]:
    """Import in the block: looking for garbage takes a sixth of the start of a crawl."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(_SELDOM)
        gc.enable()
