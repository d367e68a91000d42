"""Values between this process and its workers: pickles over a socket, each behind its length."""

import asyncio
import pickle
import socket
import struct
from typing import Any

READ_AHEAD_BYTES = 1024 * 1024
_LENGTH = struct.Struct("!Q")

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def opened(end: socket.socket) -> Ends:
    """Return what reads from and writes to the other end."""
    reader, writer = await asyncio.open_connection(sock=end, limit=READ_AHEAD_BYTES)
    writer.transport.set_write_buffer_limits(READ_AHEAD_BYTES)
    return reader, writer


def packed(value: object) -> bytes:
    """Return a value as it is written."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


async def received(reader: asyncio.StreamReader) -> Any:
    """Return the next value; None where the other end is gone."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return pickle.loads(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
