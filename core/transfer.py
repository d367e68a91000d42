"""Takes the content coding (gzip, deflate) off a body and says in words what is wrong with it."""

import zlib

from core.model import Headers

TOO_LARGE = "unpacked body is larger than the limit"
"""The defect of a body that unpacks to more than the limit."""

_GZIP, _ZLIB, _RAW = 31, 15, -15


def unwrap(wire: bytes, headers: Headers, max_bytes: int) -> tuple[bytes, str]:
    """Return (body, defect) of the bytes as served; a defect comes with those bytes unchanged.

    Knows `gzip`, `x-gzip`, `deflate` (zlib-wrapped as RFC 9110 section 8.4.1.2 says, or raw as some servers
    send it) and `identity`, stacked as well. Never unpacks more than `max_bytes` bytes.
    """
    body = wire
    for coding in reversed(_codings(headers)):
        if coding not in ("gzip", "deflate"):
            return wire, f"content coding {coding!r} is not known"
        if not body:
            return wire, ""
        body, defect = _gunzip(body, max_bytes) if coding == "gzip" else _inflate(body, max_bytes)
        if defect:
            return wire, defect
    return body, ""


def _codings(headers: Headers) -> list[str]:
    values = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    names = [part.strip().lower().removeprefix("x-") for part in values.split(",")]
    return [name for name in names if name not in ("", "identity")]


def _gunzip(packed: bytes, max_bytes: int) -> tuple[bytes, str]:
    """Unpack every member (RFC 1952 section 2.2); zlib itself checks the CRC and length of each trailer."""
    parts: list[bytes] = []
    room = max_bytes
    while packed:
        part, rest, defect = _unpack(packed, _GZIP, room, "gzip")
        if defect:
            # Padding after a whole member is common and harms nothing; gzip(1) ignores it too.
            return (b"".join(parts), "") if parts and not packed.startswith(b"\x1f\x8b") else (b"", defect)
        parts.append(part)
        room -= len(part)
        packed = rest
    return b"".join(parts), ""


def _inflate(packed: bytes, max_bytes: int) -> tuple[bytes, str]:
    wrapped = packed[0] & 0x0F == 8 and int.from_bytes(packed[:2], "big") % 31 == 0
    body, _, defect = _unpack(packed, _ZLIB if wrapped else _RAW, max_bytes, "deflate")
    return body, defect


def _unpack(packed: bytes, window: int, room: int, name: str) -> tuple[bytes, bytes, str]:
    """Unpack one stream into at most `room` bytes: (body, what follows it, defect)."""
    stream = zlib.decompressobj(window)
    try:
        body = stream.decompress(packed, room + 1)
    except zlib.error as error:
        return b"", b"", _wording(name, str(error))
    if len(body) > room:
        return b"", b"", TOO_LARGE
    return (body, stream.unused_data, "") if stream.eof else (b"", b"", f"{name} body ends early")


def _wording(name: str, message: str) -> str:
    if "incorrect data check" in message:
        return f"{name} checksum wrong"
    if "incorrect length check" in message:
        return f"{name} length wrong"
    if "incorrect header check" in message:
        return f"body is not {name} although its header says so"
    return f"{name} body damaged"
