"""Packing bytes and texts: zstd, alone or as what differs from another one; what is read back is checked."""

import sys
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from msgspec import Struct

from core.errors import StorageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 3
"""Level 9 saves 4% on a 40 KB page and costs five times the time."""
LEVEL_OF_DIFFERENCES = 1
"""As small as level 3 where noise differs, and two thirds of the time; 4% larger for another page of the host."""
_LEAST_BASE_BYTES = 8
"""zstd takes no shorter one; against such a base a body is packed alone."""
_LARGE_BYTES = 2 * 1024 * 1024
"""Beyond zstd's usual window at this level, nothing of the other body would be found without being told to look far."""
_USUAL_BYTES = 64_000
"""Up to this a base that is prepared gives as small differences; beyond that it misses what is the same far off."""


_PARAMETER = zstd.CompressionParameter


def _options(level: int, is_checked: bool) -> dict[int, int]:
    return {_PARAMETER.compression_level: level, _PARAMETER.checksum_flag: is_checked}


_ALONE = [zstd.ZstdCompressor(options=_options(LEVEL, is_checked)) for is_checked in (False, True)]
"""Used again and again, by one thread at a time: to make one takes as long as it packs 2 KB, 14 µs."""


def pack(raw: bytes, base: bytes = b"", level: int = 0, is_checked: bool = False) -> bytes:
    """Return `raw` as one zstd frame that can be read only with `base`, where one is given.

    A 36 KB page whose counter, clock and token moved takes 82 bytes so, and 3,244 alone. `is_checked` adds a checksum
    of 4 bytes, for what is kept without a hash.
    """
    prefix, is_large = _prefix(base), max(len(raw), len(base)) > _LARGE_BYTES
    if prefix is None and not level and not is_large:
        return _ALONE[is_checked].compress(raw, zstd.ZstdCompressor.FLUSH_FRAME)
    options = _options(level or (LEVEL_OF_DIFFERENCES if prefix else LEVEL), is_checked)
    if is_large:
        options |= {_PARAMETER.window_log: 24, _PARAMETER.enable_long_distance_matching: 1}
    return zstd.compress(raw, options=options, zstd_dict=prefix)


def pack_alike(raw: bytes, frame: bytes) -> bytes:
    """Return `raw` packed against a base that many are packed against: 8 µs for 36 KB, for which `pack` takes 22.

    The first of them takes 60.
    """
    if len(frame) < _LEAST_BASE_BYTES or max(len(raw), len(frame)) > _USUAL_BYTES:
        return pack(raw, frame)
    return _against(frame).compress(raw, zstd.ZstdCompressor.FLUSH_FRAME)


def pack_text_alike(text: bytes, frame: bytes) -> bytes:
    """Return a short text packed against another, packed alone, that many are: 2 µs, for which `pack_text` takes 24."""
    return _against_text(frame).compress(text, zstd.ZstdCompressor.FLUSH_FRAME)


@lru_cache(maxsize=16)
def _against(frame: bytes) -> zstd.ZstdCompressor:
    return _prepared(zstd.ZstdDict(frame, is_raw=True), is_checked=False)


@lru_cache(maxsize=64)
def _against_text(frame: bytes) -> zstd.ZstdCompressor:
    base = _dictionary(frame)
    return _prepared(base, is_checked=True) if base else _ALONE[True]


def _prepared(base: zstd.ZstdDict, is_checked: bool) -> zstd.ZstdCompressor:
    return zstd.ZstdCompressor(options=_options(LEVEL_OF_DIFFERENCES, is_checked), zstd_dict=base.as_digested_dict)


def unpack(packed: bytes, digest: bytes, base: bytes = b"") -> bytes:
    """Return the bytes packed; raises StorageError where they are not those whose SHA-256 is `digest`."""
    try:
        raw = zstd.decompress(packed, zstd_dict=_prefix(base))
    except zstd.ZstdError as error:
        told = f"the body {digest.hex()} kept in the database is damaged: {error}; restore a backup"
        raise StorageError(told) from error
    if sha256(raw).digest() != digest:
        told = f"the body {digest.hex()} kept in the database was altered: its hash differs; restore a backup"
        raise StorageError(told)
    return raw


def pack_text(text: bytes, base: bytes = b"") -> bytes:
    """Return a text, in UTF-8, packed: 4.5 KB in Chinese take 1,820 bytes and 33 µs, edited in two places 55 bytes."""
    return pack(text, base, is_checked=True)


def unpack_text(packed: bytes, base: bytes | None = None) -> bytes:
    """Return a packed text; `base`, packed alone, is what it was packed against. Raises ValueError where damaged."""
    try:
        return zstd.decompress(packed, zstd_dict=_dictionary(base) if base else None)
    except zstd.ZstdError as error:
        raise ValueError(f"a text is damaged: {error}") from error


@lru_cache(maxsize=64)
def _dictionary(base: bytes) -> zstd.ZstdDict | None:
    raw = unpack_text(base)
    return zstd.ZstdDict(raw, is_raw=True) if len(raw) >= _LEAST_BASE_BYTES else None


class Packed(Struct, frozen=True):
    """A body as it is kept; to be unpacked with the one behind it in its chain."""

    body: int
    sha256: bytes
    packed: bytes


def unpack_chain(chain: Sequence[Packed], raw: bytes = b"") -> bytes:
    """Return the bytes of the first of some packed bodies, each packed against the next one; the last against `raw`."""
    for one in reversed(chain):
        raw = unpack(one.packed, one.sha256, raw)
    return raw


def _prefix(base: bytes) -> Any:
    return zstd.ZstdDict(base, is_raw=True).as_prefix if len(base) >= _LEAST_BASE_BYTES else None
