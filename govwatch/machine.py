"""What the machine says about itself: file systems, free space, permissions, and whether its clock is set."""

import ctypes
import os
import re
import sys
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")
_CLOCK_UNSYNCHRONISED = 5
"""TIME_ERROR of adjtimex(2)."""
_TIMEX_BYTES = 512
"""More than `struct timex` takes on any Linux (208 on 64 bits)."""


def file_system_of(path: Path) -> str:
    """Return the type of the file system that holds a path (proc_pid_mountinfo(5)); empty where that is not told."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    place, kinds = path.resolve(), dict[Path, str]()
    for line in lines:
        before, _, after = line.partition(" - ")
        kinds[Path(_OCTAL.sub(lambda code: chr(int(code[1], 8)), before.split()[4]))] = after.split()[0]
    return next((kinds[folder] for folder in (place, *place.parents) if folder in kinds), "")


def is_clock_set() -> bool | None:
    """Tell whether the kernel's clock is kept right by NTP or the like; None where that is not told."""
    if not sys.platform.startswith("linux"):
        return None
    # With every field zero nothing is set, only read; any user may ask.
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return None if state < 0 else state != _CLOCK_UNSYNCHRONISED


def missing_rights(path: Path) -> str:
    """Return what this user may not do with a file or folder, in words; empty where nothing is missing."""
    needed = ((os.R_OK, "read"), (os.W_OK, "written"), *([(os.X_OK, "entered")] if path.is_dir() else []))
    return " and ".join(word for right, word in needed if not os.access(path, right))
