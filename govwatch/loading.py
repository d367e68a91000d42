"""Loading of modules: nothing of them is ever garbage, so it is not looked for meanwhile, nor among them later."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 10_000
"""Of so many new objects garbage is looked for, instead of 700: 5 µs a page of a first crawl, where it took 22."""


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
