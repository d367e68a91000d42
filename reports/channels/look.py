"""A look at whether a channel can be reached, which sends nothing to the reader: it says what was tried."""

import smtplib
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from config.settings import Channel, MailServer
from core.errors import DeliveryError
from reports.channels.file import to_file
from reports.channels.mail import connected

TIMEOUT_S = 10.0
_PORTS = {"http": 80, "https": 443}


def look(channel: Channel, folder: Path) -> str:
    """Return what was tried and went well. Raises DeliveryError. Relative paths start at `folder`."""
    try:
        if channel.kind == "file":
            to_file(channel.name, folder / channel.path)
            return f"{folder / channel.path} can be written to"
        if channel.kind == "webhook":
            return _look_at_web(channel.url)
        if channel.mail is not None:
            return _look_at_mail(channel.mail)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(channel.name, f"{getattr(error, 'verify_message', '') or error}") from error
    return "the settings can be used; nothing was tried"


def _look_at_web(url: str) -> str:
    """Connect, with TLS where the address says so; no request is made, so nobody is told anything."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise OSError("the address is none of http:// or https://")
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    with socket.create_connection((host, port), TIMEOUT_S) as plain:
        if parts.scheme == "http":
            return f"{host} port {port} takes connections; nothing was posted"
        with ssl.create_default_context().wrap_socket(plain, server_hostname=host):
            return f"{host} port {port} takes connections and has a good certificate; nothing was posted"


def _look_at_mail(server: MailServer) -> str:
    with connected(server, TIMEOUT_S) as smtp:
        if server.user:
            smtp.login(server.user, server.password)
        smtp.noop()
    signed_in = f" and lets {server.user} in" if server.user else ""
    return f"{server.host} port {server.port} takes connections{signed_in}; nothing was sent"
