"""The values a configuration holds as text: addresses, sizes, networks, field names, headers."""

import re
from ipaddress import ip_network
from urllib.parse import urlsplit

from config.nearest import nearest
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
    if not host or any(character.isspace() for character in url):
        raise ValueError(f"{url!r} is not an address: it has {'white space inside' if host else 'no host'}")
    return parts._replace(fragment="").geturl()


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


def check_proxy(url: str) -> str:
    """Return a proxy's address; empty: none. Raises ValueError that does not repeat the password it may hold."""
    try:
        return check_url(url) if url else ""
    except ValueError:
        # Without its cause too: that one quotes the address.
        raise ValueError("is not a proxy's address; write for example http://user:password@host:3128") from None


def check_name(name: str) -> str:
    """Return the name of a header or cookie (a token of RFC 9110, section 5.6.2). Raises ValueError."""
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a header or cookie; use letters, digits and hyphens")
    return name


def _no_scheme(url: str) -> str:
    if "://" in url:
        return f"{url!r} cannot be fetched; only http:// and https:// can"
    return f"{url!r} has no http:// or https:// in front; write https://{url.lstrip('/')}"
