"""The values a configuration holds as text: addresses, sizes, networks, field names, headers."""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from config.nearest import nearest
from config.settings import PRIORITIES
from core.model import FIELDS

_SIZES = {"KiB": 1024, "MiB": 1024**2}
_SIZE = re.compile(r"([1-9][0-9]{0,5})\s*(KiB|MiB)")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def check_url(url: str) -> str:
    """Return an address that can be watched, without its fragment. Raises ValueError that says what is missing."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} is not an address: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise ValueError(_no_scheme(url))
    if not host or len(url.split()) > 1:
        raise ValueError(f"{url!r} is not an address: it has {'white space inside' if host else 'no host'}")
    return parts._replace(fragment="").geturl()


def check_page_url(url: str) -> str:
    """Return the address of a page. Raises ValueError, also for a password in it: every report would show that."""
    url = check_url(url)
    if "@" in urlsplit(url).netloc:
        raise ValueError(
            "the address has a user or password in it; take that out, and give it as a header of the target"
        )
    return url


def parse_size(text: str) -> int:
    """Return the bytes of `8MiB` or `512KiB`. Raises ValueError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a size; write for example 8MiB or 512KiB")
    return int(match[1]) * _SIZES[match[2]]


def parse_network(text: str) -> str:
    """Return a network in its usual form. Raises ValueError."""
    try:
        return str(ip_network(text))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network: {error}; write for example 127.0.0.0/8") from error


def parse_field(name: str) -> str:
    """Return the name of a field of a page. Raises ValueError with the nearest one."""
    if name not in FIELDS:
        near = nearest(name, FIELDS)
        hint = f"did you mean {near!r}?" if near else f"there are: {', '.join(FIELDS)}"
        raise ValueError(f"there is no field {name!r}; {hint}")
    return name


def parse_tls(value: str) -> bool:
    """Return whether certificates that cannot be verified are accepted. Raises ValueError."""
    if value not in ("verify", "accept-invalid"):
        raise ValueError(f'must be "verify" or "accept-invalid", not {value!r}')
    return value == "accept-invalid"


def parse_priority(text: str) -> str:
    """Return the name of a priority. Raises ValueError."""
    if text not in PRIORITIES:
        raise ValueError(f"must be {', '.join(PRIORITIES[:-1])} or {PRIORITIES[-1]}, not {text!r}")
    return text


def parse_proxy(text: str) -> str:
    """Return a proxy's address; empty: none. Raises ValueError that does not repeat the password it may hold."""
    url = parse_secret(text)
    try:
        return check_url(url) if url else ""
    except ValueError:
        # Without its cause too: that one quotes the address.
        raise ValueError("is not a proxy's address; write for example http://user:password@host:3128") from None


def parse_header(name: str, text: str) -> str:
    """Return the value of the header or cookie `name` (a token of RFC 9110, section 5.6.2). Raises ValueError."""
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a header or cookie; use letters, digits and hyphens")
    value = parse_secret(text)
    if any(character < " " or character == "\x7f" for character in value):
        raise ValueError("has a line break or control character in it; take that out")
    return value


def parse_secret(text: str) -> str:
    """Return a text, the environment variable that `env:NAME` names, or what is in the file that `file:/PATH` names.

    Raises ValueError.
    """
    kind, _, name = text.partition(":")
    if kind == "env":
        if name not in os.environ:
            raise ValueError(f"the environment has no variable {name!r}; set it before the start")
        return os.environ[name]
    # Only whole paths: Apprise has a `file` scheme of its own, which is not allowed.
    return _secret_in(Path(name)) if kind == "file" and not name.startswith("//") else text


def _secret_in(file: Path) -> str:
    if not file.is_absolute():
        raise ValueError(f"names the file {file}; write its whole path, from the root on")
    try:
        return read_text(file).rstrip("\r\n")
    except ValueError as error:
        raise ValueError(f"names the file {file}, which {error}") from error


def parse_name(text: str) -> str:
    """Return the name of a target. Raises ValueError where commands would take it for a page's number."""
    name = filled(text)
    if name.isdecimal():
        raise ValueError(f"{name!r} is a number, which pages have of their own; give it letters")
    return name


def filled(text: str) -> str:
    """Return a text without the blanks around it. Raises ValueError where nothing is left."""
    if not text.strip():
        raise ValueError("is empty; fill it in")
    return text.strip()


def read_text(file: Path) -> str:
    """Return the text of a file. Raises ValueError that says why it cannot be read."""
    try:
        # Editors on Windows put a byte order mark in front.
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot be read: {getattr(error, 'strerror', None) or error}; check the path") from error


def _no_scheme(url: str) -> str:
    if not url:
        return "the address is empty; write for example https://www.sc.gov.cn/"
    if "://" in url:
        return f"{url!r} cannot be fetched; only http:// and https:// can"
    return f"{url!r} has no http:// or https:// in front; write https://{url.lstrip('/')}"
