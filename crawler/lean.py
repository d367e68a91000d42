"""Keeps from being loaded what Scrapy imports at its start and never uses here.

A crawl of one page took half a second of CPU, most of it imports; of Scrapy's 310 ms these were 150. Whatever does use
one of these modules gets it then.
"""

import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_late = {
    # The reactor, and with it the TLS of Twisted, pyOpenSSL and cryptography, which the versions are told of too.
    "twisted.internet.asyncioreactor",
    "twisted.internet.task",
    "twisted.internet.threads",
    "scrapy.utils.versions",
    # Spiders that follow links, and what they read and send.
    "scrapy.http.request.form",
    "scrapy.http.request.rpc",
    "scrapy.http.response.html",
    "scrapy.http.response.json",
    "scrapy.http.response.text",
    "scrapy.http.response.xml",
    "scrapy.selector",
    "scrapy.spiders.crawl",
    "scrapy.spiders.feed",
    "scrapy.spiders.sitemap",
    "scrapy.utils.curl",
    "scrapy.utils.display",
}


class _Finder:
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, _StandIn()) if name in _late else None  # type: ignore[arg-type]


class _StandIn:
    """Makes a module of late names (importlib's LazyLoader loads the module as soon as a name is taken from it)."""

    def create_module(self, spec: ModuleSpec) -> None:
        """Take the usual kind of module."""

    def exec_module(self, module: ModuleType) -> None:
        def named(name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return _Late(module.__name__, name)

        module.__dict__["__getattr__"] = named


class _Late:
    """Stands for a class or function: loads it to be called, derived from, looked into, or held against an object."""

    def __init__(self, module: str, name: str) -> None:
        self._place = module, name

    def _load(self) -> Any:
        module, name = self._place
        return getattr(_loaded(module), name)

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._load()(*given, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._load(), name)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type]:
        return (self._load(),)

    def __instancecheck__(self, one: object) -> bool:
        return isinstance(one, self._load())

    def __subclasscheck__(self, one: type) -> bool:
        return issubclass(one, self._load())


@cache
def _loaded(name: str) -> ModuleType:
    _late.remove(name)
    del sys.modules[name]
    return import_module(name)


sys.meta_path.insert(0, _Finder())
