"""Keeps from being loaded what Scrapy imports at its start and, without a Twisted reactor, never uses.

A crawl of one page took half a second of CPU, most of it imports; of Scrapy's 310 ms these were 110: the reactor, the
HTTP and TLS of Twisted, pyOpenSSL and cryptography. Whatever does use one of them gets it then.
"""

import sys
from collections.abc import Sequence
from functools import cache, partial
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_VERSIONS = "scrapy.utils.versions"
"""The module of one function, which logs the versions of all libraries, and for that loads pyOpenSSL."""
_late = {"twisted.internet.asyncioreactor", "twisted.web.http", _VERSIONS}


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, _StandIn()) if name in _late else None


class _StandIn(Loader):
    """Makes a module that hands out what the real one has (importlib's LazyLoader fails on Twisted's deprecations)."""

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == _VERSIONS:
            module.__dict__["get_versions"] = lambda *given: _real(_VERSIONS).get_versions(*given)
        module.__dict__["__getattr__"] = partial(_attribute, module.__name__)


def _attribute(module: str, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(_real(module), name)


@cache
def _real(name: str) -> Any:
    _late.remove(name)
    del sys.modules[name]
    return import_module(name)


sys.meta_path.insert(0, _Finder())
