"""Loading of modules: nothing of them is ever garbage, so it is not looked for meanwhile, nor among them later."""

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
