"""What a disk may hold after a power cut: recorded calls played up to a moment, unsynced ones dropped, reordered, torn.

A file's data are certain once the file was synced, its name once the folder was. Of what is not certain any part may
have reached the disk, in units of 512 bytes; names appear and vanish in their order.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fakes.disk import Call

SECTOR = 512
Fate = Literal["nothing", "everything", "some", "last", "torn"]
FATES: tuple[Fate, ...] = ("nothing", "everything", "some", "last", "torn")


@dataclass
class _File:
    certain: bytearray = field(default_factory=bytearray)
    unsynced: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        self.certain = _applied(self.certain, self.unsynced)
        self.unsynced = []


class Disk:
    """A disk that is written to call by call, and may lose power after each."""

    def __init__(self) -> None:
        self._names: dict[str, _File] = {}
        self._certain_names: dict[str, _File] = {}
        self._renames: list[tuple[str, _File | None]] = []

    @property
    def is_uncertain(self) -> bool:
        """Whether anything is not certain to be there after a power cut."""
        return bool(self._renames) or any(file.unsynced for file in self._names.values())

    def play(self, call: Call) -> None:
        """Let one call happen."""
        if call.kind == "unlink":
            # A file may be gone before anything was written to it, as SQLite's temporary ones are.
            self._names.pop(call.path, None)
            self._renames.append((call.path, None))
        elif call.kind == "sync" and call.path not in self._names:
            self._certain_names = dict(self._names)
            self._renames = []
        elif call.kind == "sync":
            self._names[call.path].sync()
        elif call.kind != "told":
            self._file(call.path).unsynced.append(call)

    def after_power_cut(self, fate: Fate, chance: random.Random) -> dict[str, bytes]:
        """Return what the files may hold, by path, had the power gone now."""
        names = dict(self._certain_names)
        kept = {"nothing": 0, "everything": len(self._renames)}.get(fate, chance.randint(0, len(self._renames)))
        for path, file in self._renames[:kept]:
            if file is None:
                names.pop(path, None)
            else:
                names[path] = file
        return {path: bytes(_applied(file.certain, _left(file.unsynced, fate, chance))) for path, file in names.items()}

    def _file(self, path: str) -> _File:
        if path not in self._names:
            self._names[path] = _File()
            self._renames.append((path, self._names[path]))
        return self._names[path]


def write_out(files: dict[str, bytes], folder: Path) -> None:
    """Put such files into a folder, under their last names; nothing else is left there."""
    for old in folder.iterdir():
        old.unlink()
    for path, data in files.items():
        (folder / Path(path).name).write_bytes(data)


def _left(calls: list[Call], fate: Fate, chance: random.Random) -> list[Call]:
    match fate:
        case "nothing":
            return []
        case "everything":
            return calls
        case "last":
            return calls[-1:]
        case "some":
            return [call for call in calls if chance.random() < 0.5]
        case "torn":
            return [part for call in calls for part in _torn(call, chance)]


def _torn(call: Call, chance: random.Random) -> Iterable[Call]:
    """Return the sectors of a write that reached the disk; a truncation does or does not."""
    if call.kind == "truncate":
        return [call] if chance.random() < 0.5 else []
    start = call.offset - call.offset % SECTOR
    edges = [max(edge, call.offset) for edge in range(start, call.offset + len(call.data), SECTOR)]
    ends = [*edges[1:], call.offset + len(call.data)]
    return [
        Call("write", call.path, begin, call.data[begin - call.offset : end - call.offset])
        for begin, end in zip(edges, ends, strict=True)
        if chance.random() < 0.7
    ]


def _applied(certain: bytearray, calls: Iterable[Call]) -> bytearray:
    data = bytearray(certain)
    for call in calls:
        end = call.offset + len(call.data)
        if len(data) < end:
            data.extend(bytes(end - len(data)))
        if call.kind == "truncate":
            del data[call.offset :]
        else:
            data[call.offset : end] = call.data
    return data
