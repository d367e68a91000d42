"""Patterns compiled when they are first used: most are for what few pages show, and all took 35 ms of every start."""

import re
from typing import Any, cast


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Kept, so that this is asked once for each method, and a use costs 10 ns more than one of a compiled pattern.
        method = self.__dict__[name] = getattr(re.compile(*self._given), name)
        return method


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what serves as the compiled pattern. What is wrong in it is raised at its first use."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
