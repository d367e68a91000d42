"""Servers of TLS as old as they come: one answer for every connection, over whatever the context speaks."""

import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread

Converse = Callable[[socket.socket], None]


@contextmanager
def listening(converse: Converse) -> Iterator[int]:
    """Have each connection conversed with in a thread; give the port."""

    def accept() -> None:
        with suppress(OSError):
            while True:
                Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    def one(client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            converse(client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def answering(context: ssl.SSLContext, answer: bytes, says_goodbye: bool = True) -> Converse:
    """Answer one request over TLS, and close with or without close_notify."""

    def converse(client: socket.socket) -> None:
        connection = context.wrap_socket(client, server_side=True)
        connection.recv(65536)
        connection.sendall(answer)
        if says_goodbye:
            connection.unwrap()
        connection.close()

    return converse


def context_of(files: tuple[Path, Path], version: ssl.TLSVersion) -> ssl.SSLContext:
    """Return what speaks that version alone, with whatever ciphers there are."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(*files)
    context.minimum_version = context.maximum_version = version
    return context


@contextmanager
def gnutls(files: tuple[Path, Path], priority: str) -> Iterator[int]:
    """Run GnuTLS's own server with a priority string of its; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["gnutls-serv", "-q", "--http", "-p", str(port), "--priority", priority]
    command += ["--x509certfile", str(files[0]), "--x509keyfile", str(files[1])]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.kill()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("gnutls-serv did not start")
